"""What mail programs write around other people's words, by language: field names, verbs, marks of copies, adverts."""

from __future__ import annotations

import re

# Names of header fields as programs translate them. Between two bars one spelling; no pattern but those of names.
FROM = (
    "From|Von|De|Da|Van|Fra|Från|Från|Od|От|От кого|Від|Від кого|Feladó|Expéditeur|Remitente|Mittente"
    "|Remetente|Afzender"
    "|Absender|Avsändare|Afsender|Avsender|Lähettäjä|Nadawca|Odesílatel|Odosielateľ|Gönderen|Kimden|De la|Expeditor|Από"
    "|Pošiljatelj|Šalje|Kellelt|Dari|Từ|מאת|من|差出人|送信者|送信元|发件人|寄件者|寄件人|보낸 사람|보낸사람"
)
DATE = (
    "Sent|Date|Gesendet|Datum|Gesendet am|Envoyé|Envoyé le|Enviado|Enviado el|Enviada em|Enviado em|Enviada|Fecha|Data"
    "|Inviato|Data invio|Verzonden|Datum verzonden|Skickat|Sendt|Sendt dato|Dato|Wysłano|Wysłane|Дата|Отправлено"
    "|Надіслано|Received|Lähetetty|Päivämäärä|Pvm|Odesláno|Odoslané|Dátum|Elküldve|Küldve|Trimis|Gönderilme|Gönderildi"
    "|Gönderilme Tarihi|Tarih|Ημερομηνία|Στάλθηκε|Poslano|Kuupäev|Tanggal|Ngày|תאריך|נשלח|التاريخ|تم الإرسال"
    "|送信日時|日付|日時|发送时间|发送日期|日期|时间|寄件日期|傳送時間|보낸 날짜|보낸날짜|날짜"
)
OTHER = (
    "To|Cc|Bcc|An|À|A|Para|Pour|Aan|Till|Til|Do|DW|Кому|Копия|Копія|Copie|Kopie|Copia|Kopia|Kopi|Cópia|Reply-To"
    "|Antwort an|Répondre à|Risposta|Rispondi a|Destinataire|Destinatario|Destinatário|Empfänger|Organi[sz]ation|Per"
    "|Vastaanottaja|Kopio|Komu|Kime|Alıcı|Bilgi|Címzett|Másolat|Másolatot kap|Către|Catre|Προς|Κοιν|Adresat|Odbiorca"
    "|Prima|Kepada|Đến|אל|עותק|إلى|نسخة|宛先|收件人|收件者|抄送|副本|받는 사람|받는사람|참조|Importance"
    "|Priority|Attachments?"
    "|Pièces jointes|Anlagen?|Wichtigkeit|Priorität|Importanza|Bijlagen?"
)
SUBJECT = (
    "Subject|Betreff|Objet|Sujet|Asunto|Assunto|Oggetto|Onderwerp|Ämne|Emne|Temat|Тема|Aihe|Předmět|Predmet|Konu|Tárgy"
    "|Subiect|Θέμα|Assumpte|Zadeva|Naslov|Teema|Perihal|Subjek|Chủ đề|נושא|الموضوع|件名|主题|主題|主旨|제목"
)
FIELD = re.compile(
    rf"[\s*_>]*(?:(?P<from>{FROM})|(?P<date>{DATE})|(?P<other>{OTHER})|(?P<subject>{SUBJECT}))[ *_]*[:：](?P<value>.*)",
    re.IGNORECASE,
)

VERB = re.compile(
    r"\b(?:wrote|writes|said|has written|a écrit|écrit|schrieb|schreibt|geschrieben|escribió|escribio|ha escrito"
    r"|escreveu|ha scritto|scrisse|scrive|schreef|geschreven|skrev|skriver|kirjoitti|napisał|napisała|pisze|wrote on"
    r"|написал|написала|написав|пише|пишет|писал|писала|написа|napsal|napsala|napísal|napísala|napisao|napisala|napisal"
    r"|írta|a scris|scris|şunu yazdı|şunları yazdı|yazdı|έγραψε|va escriure|ha escrit|menulis|kirjutas|rašė|rakstīja"
    r"|đã viết)\b"
    r"|missatge de\b|napisał\(a\)|написал\(а\)|napsal\(a\)|napísal\(a\)|כתב|كتب|写道|寫道|写到|书写"
    r"|さんは書きました|さんが書きました|のメール"
    r"|님이 작성|작성",
    re.IGNORECASE,
)
_STARTS = (
    "On|At|Le|El|Am|Il|Em|Op|Den|Dne|Dňa|Dnia|W dniu|No dia|På|Pe|În|Στις|Vào|Pada|Missatge de|בתאריך"  # then a date
)
INTRODUCTION_START = re.compile(
    rf"[\s*-]*(?:(?:{_STARTS}|In|в)(?=[\s*])|(?:ma|ti|ke|to|pe|la|su|po|út|st|čt|pá|so|ne|ut|št|pi) \d|于|在|於"
    r"|\d{1,4}[./ 年년-]|\w{1,12}[,.]+ \d)",
    re.IGNORECASE,
)
INTRODUCTION_ANEW = re.compile(rf"[\s*-]*(?:{_STARTS})(?=[\s*])", re.IGNORECASE)  # what no introduction goes on with
INTRODUCTION_END = re.compile(r"(?:[:：]|[-‐]{3,}|Uhr:)[\s*]*$")
MOMENT = re.compile(r"\b(?:19|20)\d\d(?:\b|年|년)|\b\d\d?[:.]\d\d\b|\b\d\d?[./]\d\d?[./]|\d\d?[月월]")

_DASH = "[-‐‑–—―_=*]"
ORIGINAL = re.compile(
    rf"[\s*>]*{_DASH}{{2,}}\s*(?:(?:the |begin )?original (?:message|mail|email)|ursprüngliche (?:nachricht|e-?mail)"
    r"|original-?nachricht|original ?mail"
    r"|message d['’]origine|message (?:original|initial)|courriel original|mensaje original|mensagem original"
    r"|messaggio originale|missatge original|oorspronkelijk bericht|origineel bericht|ursprungligt meddelande"
    r"|originalmeddelande|oprindelig (?:meddelelse|besked)|opprinnelig melding|alkuperäinen viesti"
    r"|wiadomość oryginalna|oryginalna wiadomość|původní (?:zpráva|e-?mail)|pôvodná správa|eredeti üzenet"
    r"|mesaj(?:ul)? original|orijinal (?:mesaj|ileti)|özgün ileti|исходное сообщение|исходное письмо"
    r"|оригинальное сообщение|оригінальне повідомлення|оригинално съобщение|αρχικό μήνυμα|izvorna poruka"
    r"|originalna poruka|izvirno sporočilo|元のメッセージ|オリジナルメッセージ|原始邮件|原邮件|邮件原件"
    r"|原始郵件|原始信件"
    r"|원본 (?:메시지|메일)|(?P<forward>forwarded (?:message|by .{0,80}|email)|weitergeleitete (?:nachricht|e-?mail)"
    r"|message transféré|mensaje reenviado|mensagem encaminhada|mensagem reencaminhada|messaggio inoltrato"
    r"|doorgestuurd bericht|missatge reenviat|vidarebefordrat (?:meddelande|mejl)|videresendt (?:meddelelse|melding)"
    r"|välitetty viesti|edelleenlähetetty viesti|przekazana wiadomość|wiadomość przekazana dalej"
    r"|treść przekazanej wiadomości|přeposlaná zpráva|preposlaná správa|továbbított (?:üzenet|levél)"
    r"|mesaj redirecționat"
    r"|yönlendirilmiş (?:mesaj|ileti)|iletilen mesaj|пересылаемое сообщение|пересланное сообщение"
    r"|перенаправленное сообщение"
    r"|переслане повідомлення|προωθημένο μήνυμα|転送(?:された)?メッセージ|转发的邮件|转发邮件信息|转发的消息|轉寄的郵件"
    rf"|전달된 메시지))\s*:?\s*{_DASH}{{2,}}[\s*]*",
    re.IGNORECASE,
)
BEGIN_FORWARDED = re.compile(
    r"[\s*>]*(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)"
    r"|début du (?:message|courriel) (?:transféré|réexpédié)|inicio del mensaje reenviado"
    r"|inizio (?:del )?messaggio inoltrato|início da mensagem (?:re)?encaminhada"
    r"|begin doorgestuurd bericht|vidarebefordrat (?:brev|mejl|meddelande)|start på videresendt (?:besked|melding)"
    r"|videresendt (?:besked|melding)|välitetty viesti(?: alkaa)?|rozpoczęcie przekazywanej wiadomości"
    r"|začátek přeposílané zprávy|továbbított levél kezdete|начало переадресованного сообщения"
    r"|iletilen mesajın başlangıcı|початок листа, що пересилається|转发的邮件|开始转发的邮件|以下は転送メッセージです"
    r"|転送されたメッセージ|전달된 메시지 시작)\s*[:：][\s*]*",
    re.IGNORECASE,
)

# What telephones and programs put under a mail by themselves.
_THING = (
    r"(?:(?:my|mobile|cell|outlook|yahoo|gmail|mail|mailbox|windows|proton|iphone|ipad|android|blackberry"
    r"|samsung|airmail"
    r"|spark|canary|the all.new|a phone|a mobile|an? i?p(?:hone|ad)|aol|nine|bluemail|boomerang|polymail"
    r"|newton|superhuman"
    r"|fairemail|thunderbird|k-9|zoho|gmx|web\.de|free|orange|sfr|la poste|myMail|huawei|htc|nokia|sony|lg)\b)"
)
ADVERT = re.compile(
    rf"[\s*(<\[]*(?:(?:sent|send) (?:from|via|with|using|by|on the go (?:from|via)) (?:\W?{_THING}|[\[<]).{{0,100}}"
    r"|sent from .{1,40} (?:for|on) (?:android|ios|iphone|ipad|windows|mobile).{0,60}"
    r"|get outlook for .{1,80}|download outlook .{1,60}|from my iphone.{0,30}"
    r"|von (?:meinem|meiner|unterwegs) .{0,60}gesendet.?|(?:diese nachricht wurde )?von meinem .{1,80}gesendet\.?"
    r"|gesendet (?:von|mit|aus|über) (?:mein|mobile|outlook|yahoo|mail|der|dem|iphone|ipad|android|gmx|web\.de).{0,80}"
    r"|outlook für .{1,40}(?:beziehen|herunterladen|abrufen).{0,60}|holen sie sich outlook.{0,60}"
    r"|envoyé (?:de|depuis|à partir de|avec|via|par) (?:mon|ma|l['’ ]|outlook|yahoo|mail|la messagerie"
    r"|un mobile).{0,80}"
    r"|(?:obtenir|obtenez|télécharger|téléchargez) outlook .{1,60}"
    r"|enviado (?:desde|con|mediante|do|de|pelo|através) (?:mi|meu|o meu|outlook|yahoo|correo|el|la|um?|correio).{0,80}"
    r"|enviada do meu .{1,60}|obt(?:ener|enga|én) outlook .{1,60}|obter o outlook .{1,60}"
    r"|inviato (?:da|dal|con|tramite) (?:mio|iphone|ipad|outlook|yahoo|mail|libero|tiscali|smartphone|cellulare).{0,80}"
    r"|(?:scarica|ottieni) outlook .{1,60}"
    r"|verzonden (?:vanaf|met|via|vanuit|van) (?:mijn|outlook|yahoo|mail|blackberry|iphone|ipad|samsung).{0,80}"
    r"|(?:outlook voor .{1,40} downloaden|download outlook voor).{0,60}"
    r"|skickat från (?:min|mitt|outlook|yahoo|e-post|mail|iphone).{0,80}|hämta outlook .{1,60}"
    r"|sendt fra (?:min|mit|outlook|yahoo|mail|e-post|iphone).{0,80}|(?:hent|få) outlook .{1,60}"
    r"|lähetetty .{0,40}(?:iphone|ipad|android|puhelim|outlook|laittee|samsung).{0,60}|hanki outlook .{1,60}"
    r"|wysłan[oey] z (?:mojego|iphone|telefonu|urządzenia|outlook|poczty|programu).{0,80}|pobierz outlook.{1,60}"
    r"|отправлено (?:с|из) (?:моего|iphone|ipad|мобильн|outlook|яндекс|почты|android|samsung).{0,80}"
    r"|надіслано з (?:мого|моєї|iphone|outlook|пошти).{0,80}"
    r"|(?:odesláno|odoslané) z .{0,20}(?:iphon|ipad|android|mobil|telef|outlook|samsung).{0,60}"
    r"|(?:küldve|elküldve) .{0,20}(?:iphone|ipad|android|mobil|outlook|telefon).{0,60}"
    r"|trimis (?:de pe|din|cu) .{0,20}(?:iphone|ipad|android|telefon|outlook|mobil|yahoo|mail).{0,60}"
    r"|.{0,30}(?:iphone|ipad|android|cihaz|telefon).{0,20}gönderildi.{0,20}"
    r"|(?:στάλθηκε|εστάλη) από (?:το|την|τη) .{1,60}"
    r"|(?:從我的|从我的|發自我的|发自我的|來自我的|来自我的|发送自|發送自).{1,40}"
    r"|.{0,20}(?:iphone|ipad|android|スマートフォン|携帯).{0,10}から送信.{0,10}|(?:나의"
    r"|내) .{1,30}에서 (?:보냄|전송).{0,10}"
    r")[\s*)>\]]*",
    re.IGNORECASE,
)
