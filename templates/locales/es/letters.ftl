# The result letter.

letter-title = Carta de resultado
letter-subject = Su examen de { $category }, { $track }
letter-dear = Hola, { $name }:
letter-opening = El { $date } usted presentó el examen escrito «{ $title }». Esta carta le comunica el resultado.
letter-opening-absent = Usted tenía una plaza en el examen escrito «{ $title }» del { $date }.
letter-passed = Usted ha aprobado el examen. ¡Felicitaciones!
letter-failed = En esta ocasión usted no ha aprobado el examen.
letter-void = Su examen queda anulado por una irregularidad. Su asociación le escribirá al respecto.
letter-withheld = Su resultado está retenido mientras se lleva a cabo una investigación. Su asociación le escribirá al respecto.
letter-incomplete = Su examen está incompleto, por lo que no hay veredicto.
letter-absent = Usted no presentó el examen.
letter-remarks = De quienes leyeron sus respuestas
letter-remarks-intro = Sus respuestas fueron leídas por revisores que no sabían de quién eran. Estas son sus observaciones para usted.
letter-follows-appeal = Esta carta es consecuencia de su apelación y sustituye a la anterior.
letter-appeal = Si tiene motivos para apelar, su apelación debe llegarnos a más tardar el { $date }.
letter-contact = Si tiene preguntas, escriba a { $contact }.
letter-print = Para conservar esta carta, imprímala o guárdela como PDF desde el menú de su navegador.
