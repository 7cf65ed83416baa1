# The shell of every page: header, navigation, dates, fields.

product = evenhand
skip-to-content = Skip to the content
nav-label = Main
nav-exams = My exams
nav-results = Results
nav-inbox = Inbox
nav-marking = Marking
nav-desk = Desk
nav-sittings = Sittings
nav-people = People
nav-import = Import
nav-rules = Rules
nav-audit = Audit
sign-out = Sign out
language-label = Language
footer-line = Every answer that shows as saved is on the server’s disk.

field-optional = (optional)
problems-title = { $n ->
    [one] One thing needs your attention
   *[other] { $n } things need your attention
}

weekday-name = { $n ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
month-name = { $n ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
month-short = { $n ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
date-long = { $month } { $day }, { $year }
date-short = { $month } { $day }, { $year }
time-of-day = { $hour }:{ $minute } { $half }
instant-long = { $weekday }, { $date }, { $time } { $zone }
instant-short = { $date }, { $time }
duration-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
duration-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
duration-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
duration-seconds = { $n ->
    [one] { $n } second
   *[other] { $n } seconds
}
