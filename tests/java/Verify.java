import java.io.FileInputStream;
import java.io.InputStream;
import java.security.Security;
import java.util.Properties;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.mail.smime.SMIMESigned;

/**
 * An outside judge: verifies multipart/signed messages with JavaMail and BouncyCastle, as a Java mail server would.
 * Arguments: the messages. Ends with 1 where one of them has not exactly one signature, or one that does not hold.
 */
public final class Verify {
    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        for (String file : arguments) {
            MimeMessage message;
            try (InputStream in = new FileInputStream(file)) {
                message = new MimeMessage(Session.getInstance(new Properties()), in);
            }
            SMIMESigned signed = new SMIMESigned((MimeMultipart) message.getContent());
            int good = 0;
            for (SignerInformation signer : signed.getSignerInfos().getSigners()) {
                Object found = signed.getCertificates().getMatches(signer.getSID()).iterator().next();
                if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder()
                        .setProvider("BC").build((X509CertificateHolder) found))) {
                    System.err.println(file + ": a signature does not hold");
                    System.exit(1);
                }
                good++;
            }
            if (good != 1) {
                System.err.println(file + ": " + good + " signatures");
                System.exit(1);
            }
        }
    }
}
