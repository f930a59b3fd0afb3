import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Properties;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientId;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.mail.smime.SMIMEEnveloped;

/**
 * An outside judge: opens an S/MIME message with JavaMail and BouncyCastle, as a Java mail server would.
 * Arguments: the message, the password of the PKCS#12 files, the output folder, and the files. What the n-th file's
 * key opens is written to the output folder as n. Ends with 1 where one of them opens nothing.
 */
public final class Open {
    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        char[] password = arguments[1].toCharArray();
        MimeMessage message;
        try (InputStream in = new FileInputStream(arguments[0])) {
            message = new MimeMessage(Session.getInstance(new Properties()), in);
        }
        SMIMEEnveloped enveloped = new SMIMEEnveloped(message);
        for (int n = 3; n < arguments.length; n++) {
            KeyStore store = KeyStore.getInstance("PKCS12", "BC");
            try (InputStream in = new FileInputStream(arguments[n])) {
                store.load(in, password);
            }
            String alias = store.aliases().nextElement();
            X509Certificate certificate = (X509Certificate) store.getCertificate(alias);
            Collection<RecipientInformation> mine =
                enveloped.getRecipientInfos().getRecipients(new JceKeyTransRecipientId(certificate));
            if (mine.size() != 1) {
                System.err.println(arguments[n] + ": named " + mine.size() + " times");
                System.exit(1);
            }
            PrivateKey key = (PrivateKey) store.getKey(alias, password);
            byte[] content = mine.iterator().next()
                .getContent(new JceKeyTransEnvelopedRecipient(key).setProvider("BC"));
            Files.write(Path.of(arguments[2], Integer.toString(n - 3)), content);
        }
    }
}
