# Class, transport, risk, and assessments for later mail

class-ordinary = ordinary
class-confidential = confidential
class-sensitive = sensitive

risk-low = low
risk-medium = medium
risk-high = high
risk-line = Risk: { $band } (the mail counts as { $class }: impact { $impact } of 5; probability { $probability } of 5).

transport-not-examined = Nobody has examined whether the way to { $domain } is encrypted.
transport-readers = Every mail server on the way can read the mail.

transport-unexamined = not examined

refused-blocked = Your IT department allows no mail to this recipient.
refused-no-mail = The recipient's domain says that it takes no mail.
refused-high-risk = The risk of sending this mail without encryption is high, and your firm does not accept that.
changed-class = More was found in the mail than when you approved it: it counts as more confidential now.
changed-transport = The way to { $name } is known to be weaker than when you approved the mail.

warn-blocked = Your IT department allows no mail to this recipient.
warn-no-mail = { $domain } says that it takes no mail.
warn-high-risk = The risk is high, and your firm does not accept that.
warn-sensitive-beside = The mail counts as sensitive: no unencrypted copy goes beside the encrypted ones. Send to the others first, and then decide about the rest.
warn-rule = The rule for this recipient: { $rule }.
warn-also-later = Also for later mail to { $who } up to the class { $class }, until { $until }
warn-question-low = The risk is low: a reason is not required.
tell-also-later-on = Holds for later mail too
tell-also-later-off = Holds for this mail only
do-also-later = Also for later mail

standing-assessed =
    { $count ->
        [one] { $who } gets the mail without encryption: assessed { $made }, valid to { $until }.
       *[other] { $count } recipients get the mail without encryption: assessed { $made }, valid to { $until }.
    }
button-assessed =
    { $count ->
        [one] Send, 1 without encryption
       *[other] Send, { $count } without encryption
    }
entry-assessed = Assessed { $made }, valid to { $until }.

assessment-not-allowed = Your IT department allows no assessments for later mail.
assessment-none = There is no assessment for { $who }.
assessment-not-kept = The assessment was not kept: { $detail }.
assessment-busy = Another window of Segl is changing the assessments.
next-assessment = You are asked again the next time.
assessment-list-empty = No assessment for later mail is in force.
server-no-requiretls = The mail server no longer takes mail that must be encrypted on its whole way.
