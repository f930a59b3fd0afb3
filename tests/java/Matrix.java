import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.Security;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.KeyAgreeRecipientInformation;
import org.bouncycastle.cms.Recipient;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.RecipientInformationStore;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * An outside judge: which CMS structures BouncyCastle opens. Each line of the file named first is a name, whether the
 * content is authenticated (true or false), the structure, the certificate (DER) and its key (PKCS#8), with tabs between.
 * What is opened is written to the folder named second, under the name; why the rest is not, to standard error.
 */
public final class Matrix {
    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            String[] cell = line.split("\t");
            try {
                Files.write(Path.of(arguments[1], cell[0]), open(cell));
            } catch (Exception | LinkageError cause) {
                System.err.println(cell[0] + ": " + cause);
            }
        }
    }

    private static byte[] open(String[] cell) throws Exception {
        boolean authenticated = Boolean.parseBoolean(cell[1]);
        byte[] structure = Files.readAllBytes(Path.of(cell[2]));
        X509CertificateHolder certificate = new X509CertificateHolder(Files.readAllBytes(Path.of(cell[3])));
        PrivateKey key = BouncyCastleProvider.getPrivateKey(
            PrivateKeyInfo.getInstance(Files.readAllBytes(Path.of(cell[4]))));
        RecipientInformationStore all = authenticated
            ? new CMSAuthEnvelopedData(structure).getRecipientInfos()
            : new CMSEnvelopedData(structure).getRecipientInfos();
        for (RecipientInformation information : all.getRecipients()) {
            if (information.getRID().match(certificate)) {
                boolean agrees = information instanceof KeyAgreeRecipientInformation;
                return information.getContent(recipient(key, agrees, authenticated));
            }
        }
        throw new IllegalStateException("no RecipientInfo for this certificate");
    }

    private static Recipient recipient(PrivateKey key, boolean agrees, boolean authenticated) throws Exception {
        if (agrees && authenticated) {
            // Only newer versions have it.
            Class<?> type = Class.forName("org.bouncycastle.cms.jcajce.JceKeyAgreeAuthEnvelopedRecipient");
            return (Recipient) type.getConstructor(PrivateKey.class).newInstance(key);
        }
        if (agrees) {
            return new JceKeyAgreeEnvelopedRecipient(key).setProvider("BC");
        }
        return authenticated
            ? new JceKeyTransAuthEnvelopedRecipient(key).setProvider("BC")
            : new JceKeyTransEnvelopedRecipient(key).setProvider("BC");
    }
}
