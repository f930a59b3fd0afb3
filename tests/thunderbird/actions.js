// What the tests ask of Thunderbird. Marionette runs this text in the program's own context, in front of each call, so
// that a message is opened and written by the windows that its user has.

const { MailServices } = ChromeUtils.importESModule(
  "resource:///modules/MailServices.sys.mjs"
);
const { setTimeout } = ChromeUtils.importESModule(
  "resource://gre/modules/Timer.sys.mjs"
);
const certificates = Cc["@mozilla.org/security/x509certdb;1"].getService(
  Ci.nsIX509CertDB
);

function fileAt(path) {
  const file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
  file.initWithPath(path);
  return file;
}

// Waits until a condition holds, and gives its value. A dialog that opens meanwhile waits for nobody: it is an error.
async function until(what, condition) {
  const patience = Date.now() + 120_000;
  for (;;) {
    const value = await condition();
    if (value) {
      return value;
    }
    for (const dialog of Services.wm.getEnumerator(null)) {
      const text = dialog.document.getElementById("infoBody")?.textContent;
      if (text) {
        dialog.close();
        throw new Error(`${what}: a dialog says: ${text}`);
      }
    }
    if (Date.now() > patience) {
      throw new Error(`${what}: waited in vain`);
    }
    await new Promise(done => setTimeout(done, 10));
  }
}

// Takes an issuer (base64) as trusted for mail.
function trust(issuer) {
  certificates.addCertFromBase64(issuer, ",C,");
}

const isOwn = c => c.certType & Ci.nsIX509Cert.USER_CERT;

// Forgets everybody's certificates, and takes the own key from a file; false where it is not taken.
function become(path, password) {
  const isPerson = c => isOwn(c) || c.certType & Ci.nsIX509Cert.EMAIL_CERT;
  certificates
    .getCerts()
    .filter(isPerson)
    .forEach(c => certificates.deleteCertificate(c));
  certificates.importPKCS12File(fileAt(path), password);
  return certificates.getCerts().some(isOwn);
}

async function messageWindow() {
  const open = Services.wm.getMostRecentWindow("mail:messageWindow");
  if (open) {
    return open;
  }
  const window = Services.ww.openWindow(
    null,
    "chrome://messenger/content/messageWindow.xhtml",
    "_blank",
    "all,chrome,dialog=no,status,toolbar",
    null
  );
  await until(
    "the message window",
    () =>
      window.document.readyState == "complete" &&
      window.msgWindow &&
      window.messageBrowser?.contentDocument.readyState == "complete" &&
      window.messageBrowser.contentWindow.displayMessage
  );
  return window;
}

// What a user sees of the message in a file: subject, text, files, and the two icons (none where it shows none).
async function show(path) {
  const view = (await messageWindow()).messageBrowser.contentWindow;
  const pane = () => view.document.getElementById("messagepane");
  view.displayMessage(null);
  await until("no message", () => pane().currentURI.spec == "about:blank");
  view.gEncryptionStatus = view.gSignatureStatus = -1;

  const url = Services.io
    .newFileURI(fileAt(path))
    .mutate()
    .setQuery("type=application/x-message-display")
    .finalize();
  view.displayMessage(url.spec);
  await until(path, () => {
    if (view.gEncryptionStatus > 0) {
      // It was not decrypted, and a page says so instead of the message.
      return pane().currentURI.scheme == "data";
    }
    const page = pane().contentDocument;
    return (
      view.msgLoaded &&
      pane().currentURI.spec != "about:blank" &&
      page?.readyState == "complete" &&
      page.body &&
      view.gReceivedSignatureCount >= view.gExpectedSignatureCount
    );
  });

  const icon = id => {
    const element = view.document.getElementById(id);
    const name = /message-(?:encrypted|signed)-(\w+)\.svg$/;
    return element.hidden ? null : element.getAttribute("src").match(name)[1];
  };
  const files = [];
  if (view.gEncryptionStatus <= 0) {
    for (const attachment of view.currentAttachments) {
      const octets = new Uint8Array(await attachment.fetchAttachment());
      files.push({ name: attachment.name, octets: octets.toBase64() });
    }
  }
  return {
    encrypted: icon("encryptedHdrIcon"),
    signed: icon("signedHdrIcon"),
    verdict: view.gSignatureStatus,
    subject: view.currentHeaderData.subject?.headerValue ?? null,
    text: pane().contentDocument?.body.innerText ?? null,
    files,
  };
}

// The sender from now on, in an account without a server, who signs and reads with the own key.
function writeAs(name, address) {
  let identity = MailServices.accounts.allIdentities[0];
  if (!identity) {
    identity = MailServices.accounts.createIdentity();
    MailServices.accounts.createLocalMailAccount().addIdentity(identity);
  }
  identity.fullName = name;
  identity.email = address;
  identity.composeHtml = false;
  identity.doFcc = false;
  const key = certificates.getCerts().find(isOwn);
  for (const use of ["signing", "encryption"]) {
    identity.setUnicharAttribute(`${use}_cert_name`, key.displayName);
    identity.setCharAttribute(`${use}_cert_dbkey`, key.dbKey);
  }
}

// Writes a mail in the composer and has it sent later: it ends in the outbox.
async function write({ to, subject, text, file, encrypted, signed }) {
  const fields = Cc[
    "@mozilla.org/messengercompose/composefields;1"
  ].createInstance(Ci.nsIMsgCompFields);
  Object.assign(fields, { to, subject, body: text });
  const attachment = Cc[
    "@mozilla.org/messengercompose/attachment;1"
  ].createInstance(Ci.nsIMsgAttachment);
  attachment.url = Services.io.newFileURI(fileAt(file)).spec;
  attachment.name = fileAt(file).leafName;
  fields.addAttachment(attachment);
  const parameters = Cc[
    "@mozilla.org/messengercompose/composeparams;1"
  ].createInstance(Ci.nsIMsgComposeParams);
  Object.assign(parameters, {
    composeFields: fields,
    identity: MailServices.accounts.allIdentities[0],
    type: Ci.nsIMsgCompType.New,
    format: Ci.nsIMsgCompFormat.PlainText,
  });
  MailServices.compose.OpenComposeWindowWithParams(null, parameters);
  const composer = await until("the composer", () =>
    [...Services.wm.getEnumerator("msgcompose")].find(
      w => w.composeEditorReady && w.gLoadingComplete
    )
  );

  const isSettled = () => !composer.gCheckEncryptionStateCompletionIsPending;
  await until("the recipients", isSettled);
  if (composer.gSendEncrypted != encrypted) {
    composer.toggleEncryptMessage();
  }
  await until(
    `a certificate for ${to}`,
    () =>
      isSettled() &&
      (!encrypted || composer.gSMFields.haveValidCertForEmail(to))
  );
  if (composer.gSendSigned != signed) {
    composer.toggleGlobalSignMessage();
  }
  let failed = null;
  composer
    .GenericSendMessage(Ci.nsIMsgCompDeliverMode.Later)
    .catch(error => (failed = error));
  await until("the outbox", () => composer.closed || failed);
  if (failed) {
    throw failed;
  }
}
