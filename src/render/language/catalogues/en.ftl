# What people read on sheets and in letters. Every catalogue has these messages; where one is missing,
# the one here stands in. STRONG("...") is stressed in letters that can show it.

## Sheets

sheet-title = Recovery codes
sheet-site = Site
sheet-login = Log in at
sheet-user = User
sheet-batch = Batch
sheet-issued = Issued
sheet-expires = Expires
sheet-never = never
sheet-foot = { sheet-title }, batch { $batch }, page { $page }
sheet-used = used
sheet-how = How to use and keep them
sheet-numbers = [U+...] is the Unicode number of a character that this page has no letter for.
sheet-use = If you cannot use your second factor, log in as usual and type one of these codes in its place.
sheet-two-cases = Capital and small letters are different; dashes and spaces do not matter.
sheet-one-case = Capital or small letters, dashes and spaces do not matter.
sheet-once = Each code works once: tick it off when you have used it. The first six characters are no secret; say them when you ask for help with a code.
sheet-keep = Keep this sheet offline, private and apart from your password. Whoever reads it can log in as you.
sheet-which = New codes end these. Of two sheets the one works whose batch `user show` calls active.

## Letters

hello = Hello { $name },
fact-when = When
fact-code = Code
fact-codes = Codes
fact-left = Left
fact-sheet = Sheet
fact-expire = Expire
fact-issued = Issued

codes-subject = Your account recovery codes
codes-told = These are your recovery codes for { $site }, made on { $time }:
codes-use = Each one signs you in once when your second factor is not at hand.
codes-until = They are valid until { $expires }.
codes-before = Codes you were given before may no longer work.
codes-keep = Print them or put them into a password manager, then { STRONG("delete this mail") }: who can read it can use them. They cannot be shown again.
codes-unasked = If you did not ask for codes, tell your administrator.

generated-subject = New recovery codes for { $site }
generated-told = New recovery codes were made for your account at { $site }.
generated-asked = If you asked for them, there is nothing to do but to put your old sheet away.
generated-unasked = If you did not, tell your administrator: somebody may hold codes for your account.

temporary-subject = A temporary recovery code was made for { $site }
temporary-told = On { $time } your administrator made one recovery code for you at { $site }, beside the sheet that you may have. It works once, and not after { $expires }.
temporary-asked = If you asked for it, there is nothing to do. Your sheet works as before.
temporary-unasked = If you did not, tell your administrator now: whoever has that code can log in as you.

used-subject = A recovery code was used at { $site }
used-told = One of your recovery codes for { $site } was used.
used-which = the one that begins with { $hint }
used-by-you = If this was you, cross the code out on your sheet: it does not work again.
used-by-others = If it was not, somebody has your codes. { STRONG("Change your password now") }, and ask your administrator for new codes; they make the old ones worthless.

low-subject =
    { $left ->
        [one] One recovery code is left for { $site }
       *[other] { $left } recovery codes are left for { $site }
    }
low-told =
    { $left ->
        [one] On { $time } you had { STRONG($left) } recovery code left for { $site }.
       *[other] On { $time } you had { STRONG($left) } recovery codes left for { $site }.
    }
low-renew = Get new ones before you need the last. They replace the old ones, so keep the new sheet and throw the old one away.
low-by-others = If you have not used your codes yourself, tell your administrator.

reminder-subject = Do you still have your recovery codes for { $site }?
reminder-told = Recovery codes let you in at { $site } when your second factor is gone.
reminder-left = { $left } on { $time }
reminder-look = Nobody ever confirmed that this sheet is at hand. Please look for it now. If you have it, confirm one of its codes; that does not use the code up. If you cannot find it, ask for new codes before you need one.
reminder-renew = Get new codes before you need the last. They replace the old ones, so keep the new sheet and throw the old one away.
reminder-never = This letter asks for no code: never send one to anybody.

locked-subject = Your recovery codes for { $site } are locked
locked-told = Your recovery codes for { $site } were { STRONG("locked") } on { $time }, because a wrong code was given { $failures } times in a row.
locked-until = No code is accepted until your administrator unlocks them. They are not lost and were not guessed; signing in by your usual second factor still works.
tried-subject = Wrong recovery codes were tried at { $site }
tried-told = A wrong recovery code was given for you at { $site } { $failures } times in a row, the last time on { $time }.
tried-until = Your codes are not lost and were not guessed. Whoever goes on trying has to wait before each attempt, longer every time; a right code ends that.
locked-by-others = If it was not you who tried, somebody else is trying to get in and may know your password: change it, and tell your administrator.
