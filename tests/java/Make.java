import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Makes CMS structures with BouncyCastle. Arguments: "encrypt" or "sign", the content, the certificate (DER), its key
 * (PKCS#8; for signing), and the file for the structure.
 */
public final class Make {
    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        CMSProcessableByteArray content = new CMSProcessableByteArray(Files.readAllBytes(Path.of(arguments[1])));
        X509Certificate certificate = new JcaX509CertificateConverter().setProvider("BC")
            .getCertificate(new X509CertificateHolder(Files.readAllBytes(Path.of(arguments[2]))));
        byte[] made;
        if (arguments[0].equals("encrypt")) {
            made = encrypted(content, certificate);
        } else {
            PrivateKey key = BouncyCastleProvider.getPrivateKey(
                PrivateKeyInfo.getInstance(Files.readAllBytes(Path.of(arguments[3]))));
            made = signed(content, certificate, key);
        }
        Files.write(Path.of(arguments[4]), made);
    }

    private static byte[] encrypted(CMSProcessableByteArray content, X509Certificate reader) throws Exception {
        CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
        if (reader.getPublicKey() instanceof ECPublicKey) {
            KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC", "BC");
            pairs.initialize(((ECPublicKey) reader.getPublicKey()).getParams());
            KeyPair once = pairs.generateKeyPair();
            generator.addRecipientInfoGenerator(new JceKeyAgreeRecipientInfoGenerator(CMSAlgorithm.ECDH_SHA256KDF,
                once.getPrivate(), once.getPublic(), CMSAlgorithm.AES256_WRAP).addRecipient(reader).setProvider("BC"));
        } else {
            generator.addRecipientInfoGenerator(new JceKeyTransRecipientInfoGenerator(reader).setProvider("BC"));
        }
        return generator.generate(content,
            new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_CBC).setProvider("BC").build()).getEncoded();
    }

    private static byte[] signed(CMSProcessableByteArray content, X509Certificate signer, PrivateKey key)
            throws Exception {
        String algorithm = signer.getPublicKey() instanceof ECPublicKey ? "SHA256withECDSA" : "SHA256withRSA";
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(
            new JcaSimpleSignerInfoGeneratorBuilder().setProvider("BC").build(algorithm, key, signer));
        generator.addCertificates(new JcaCertStore(List.of(signer)));
        return generator.generate(content, true).getEncoded();
    }
}
