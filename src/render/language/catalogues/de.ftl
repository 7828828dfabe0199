# Deutsch

## Blätter

sheet-title = Wiederherstellungscodes
sheet-site = Dienst
sheet-login = Anmelden
sheet-user = Benutzer
sheet-batch = Blatt
sheet-issued = Ausgestellt
sheet-expires = Gültig bis
sheet-never = unbegrenzt
sheet-foot = { sheet-title }, Blatt { $batch }, Seite { $page }
sheet-used = benutzt
sheet-how = Benutzen und aufbewahren
sheet-numbers = [U+...] ist die Unicode-Nummer eines Zeichens, für das diese Seite keinen Buchstaben hat.
sheet-use = Wenn Ihr zweiter Faktor nicht zur Hand ist, melden Sie sich wie gewohnt an und geben Sie an seiner Stelle einen dieser Codes ein.
sheet-two-cases = Groß- und Kleinbuchstaben sind verschieden; Striche und Leerzeichen sind gleichgültig.
sheet-one-case = Groß oder klein, Striche und Leerzeichen sind gleichgültig.
sheet-once = Jeder Code gilt einmal: Streichen Sie ihn aus, wenn Sie ihn benutzt haben. Die ersten sechs Zeichen sind nicht geheim; nennen Sie sie, wenn Sie Hilfe zu einem Code brauchen.
sheet-keep = Bewahren Sie dieses Blatt offline, unter Verschluss und getrennt von Ihrem Passwort auf. Wer es liest, kann sich als Sie anmelden.
sheet-which = Neue Codes machen diese ungültig. Von zwei Blättern gilt das, dessen Nummer `user show` als aktiv nennt.

## Briefe

hello = Guten Tag { $name },
fact-when = Zeit
fact-code = Code
fact-codes = Codes
fact-left = Übrig
fact-sheet = Blatt
fact-expire = Gültig bis
fact-issued = Ausgestellt

codes-subject = Ihre Wiederherstellungscodes
codes-told = Das sind Ihre Wiederherstellungscodes für { $site }, ausgestellt am { $time }:
codes-use = Mit jedem können Sie sich einmal anmelden, wenn Ihr zweiter Faktor nicht zur Hand ist.
codes-until = Sie gelten bis { $expires }.
codes-before = Codes, die Sie früher bekommen haben, gelten möglicherweise nicht mehr.
codes-keep = Drucken Sie sie aus oder legen Sie sie in einem Passwortmanager ab und { STRONG("löschen Sie dann diese E-Mail") }: Wer sie lesen kann, kann die Codes benutzen. Sie können nicht noch einmal gezeigt werden.
codes-unasked = Wenn Sie keine Codes angefordert haben, sagen Sie es Ihrer Verwaltung.

generated-subject = Neue Wiederherstellungscodes für { $site }
generated-told = Für Ihr Konto bei { $site } wurden neue Wiederherstellungscodes ausgestellt.
generated-asked = Wenn Sie sie angefordert haben, ist nichts weiter zu tun, als Ihr altes Blatt wegzuwerfen.
generated-unasked = Wenn nicht, sagen Sie es Ihrer Verwaltung: Jemand hat möglicherweise Codes für Ihr Konto.

temporary-subject = Ein einzelner Wiederherstellungscode für { $site } wurde ausgestellt
temporary-told = Am { $time } hat Ihre Verwaltung einen einzelnen Wiederherstellungscode für Ihr Konto bei { $site } ausgestellt, neben dem Blatt, das Sie vielleicht haben. Er gilt einmal, und nicht länger als bis { $expires }.
temporary-asked = Wenn Sie darum gebeten haben, ist nichts zu tun. Ihr Blatt gilt weiter.
temporary-unasked = Wenn nicht, sagen Sie es Ihrer Verwaltung sofort: Wer diesen Code hat, kann sich als Sie anmelden.

used-subject = Ein Wiederherstellungscode wurde bei { $site } benutzt
used-told = Einer Ihrer Wiederherstellungscodes für { $site } wurde benutzt.
used-which = der mit { $hint } beginnt
used-by-you = Wenn Sie das waren, streichen Sie den Code auf Ihrem Blatt aus: Er gilt nicht noch einmal.
used-by-others = Wenn nicht, hat jemand Ihre Codes. { STRONG("Ändern Sie jetzt Ihr Passwort") } und bitten Sie Ihre Verwaltung um neue Codes; damit werden die alten wertlos.

low-subject =
    { $left ->
        [one] Nur noch ein Wiederherstellungscode für { $site }
       *[other] Nur noch { $left } Wiederherstellungscodes für { $site }
    }
low-told =
    { $left ->
        [one] Am { $time } war für { $site } noch { STRONG($left) } Wiederherstellungscode übrig.
       *[other] Am { $time } waren für { $site } noch { STRONG($left) } Wiederherstellungscodes übrig.
    }
low-renew = Lassen Sie sich neue ausstellen, bevor Sie den letzten brauchen. Sie ersetzen die alten: Bewahren Sie das neue Blatt auf und werfen Sie das alte weg.
low-by-others = Wenn nicht Sie selbst Ihre Codes benutzt haben, sagen Sie es Ihrer Verwaltung.

reminder-subject = Haben Sie Ihre Wiederherstellungscodes für { $site } noch?
reminder-told = Mit Wiederherstellungscodes kommen Sie bei { $site } hinein, wenn Ihr zweiter Faktor verloren ist.
reminder-left = { $left } am { $time }
reminder-look = Niemand hat je bestätigt, dass dieses Blatt zur Hand ist. Bitte suchen Sie es jetzt. Wenn Sie es haben, bestätigen Sie einen seiner Codes; er wird dadurch nicht verbraucht. Wenn Sie es nicht finden, bitten Sie um neue Codes, bevor Sie einen brauchen.
reminder-renew = Lassen Sie sich neue Codes ausstellen, bevor Sie den letzten brauchen. Sie ersetzen die alten: Bewahren Sie das neue Blatt auf und werfen Sie das alte weg.
reminder-never = Dieser Brief fragt nach keinem Code: Schicken Sie niemals jemandem einen.

locked-subject = Ihre Wiederherstellungscodes für { $site } sind gesperrt
locked-told = Ihre Wiederherstellungscodes für { $site } wurden am { $time } { STRONG("gesperrt") }, weil { $failures } Mal hintereinander ein falscher Code eingegeben wurde.
locked-until = Kein Code wird angenommen, bis Ihre Verwaltung sie entsperrt. Sie sind nicht verloren und wurden nicht erraten; mit Ihrem gewohnten zweiten Faktor können Sie sich weiter anmelden.
tried-subject = Bei { $site } wurden falsche Wiederherstellungscodes versucht
tried-told = Bei { $site } wurde { $failures } Mal hintereinander ein falscher Wiederherstellungscode für Sie eingegeben, zuletzt am { $time }.
tried-until = Ihre Codes sind nicht verloren und wurden nicht erraten. Wer weiter probiert, muss vor jedem Versuch warten, jedes Mal länger; ein richtiger Code beendet das.
locked-by-others = Wenn nicht Sie es waren, versucht jemand anderes hineinzukommen und kennt vielleicht Ihr Passwort: Ändern Sie es und sagen Sie es Ihrer Verwaltung.
