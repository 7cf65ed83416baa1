# The result letter.

letter-title = Result letter
letter-subject = Your exam for { $category }, { $track }
letter-dear = Dear { $name },
letter-opening = On { $date } you sat the written exam “{ $title }”. This letter tells you what came of it.
letter-opening-absent = You had a seat in the written exam “{ $title }” of { $date }.
letter-passed = You have passed the exam. Congratulations.
letter-failed = You have not passed the exam this time.
letter-void = Your exam is void because of an irregularity. Your association will write to you about it.
letter-withheld = Your result is withheld while an inquiry is under way. Your association will write to you about it.
letter-incomplete = Your exam is incomplete, so there is no verdict.
letter-absent = You did not sit the exam.
letter-remarks = From those who read your answers
letter-remarks-intro = Your answers were read by reviewers who did not know whose they were. These are their remarks for you.
letter-follows-appeal = This letter follows your appeal and takes the place of the earlier one.
letter-appeal = If you have grounds for an appeal, it has to reach us by { $date }.
letter-contact = If you have questions, write to { $contact }.
letter-print = To keep this letter, print it or save it as PDF from your browser’s menu.
