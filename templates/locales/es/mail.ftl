# Plain-text mails.

mail-greeting = Hola, { $name }:
mail-close = Este mensaje también está en su bandeja de entrada en el sitio. Por favor no lo responda; consulte a su asociación.

mail-invitation-subject = { $association } le invita al examen escrito
mail-invitation =
    { $association } le ha abierto una cuenta.
    Elija aquí una contraseña; la invitación es válida hasta el { $until }.
mail-registration-subject = Inscripción confirmada: { $title }
mail-registration =
    Usted tiene un lugar en «{ $title }».
    Se abre el { $when }.
    Lea el acuerdo y revise su dispositivo en la página del examen antes de ese día.
mail-receipt-subject = Comprobante: { $part } de { $title }
mail-receipt =
    La { $part } de «{ $title }» se cerró el { $when }. Respuestas guardadas: { $n }.
    Huella digital: { $digest }
    El comprobante completo con su firma está aquí:
mail-accommodation-confirmed-subject = Sus adaptaciones están confirmadas
mail-accommodation-confirmed =
    Su coordinación ha confirmado adaptaciones para sus exámenes.
    Lo que vale y hasta cuándo:
mail-accommodation-declined-subject = Su solicitud está decidida
mail-accommodation-declined =
    Su coordinación ha decidido sobre su solicitud de adaptaciones. Con ello no cambia nada.
    La decisión y su motivo:
mail-accommodation-ended-subject = Sus adaptaciones han terminado
mail-accommodation-ended =
    Su coordinación ha terminado sus adaptaciones. Una parte en curso conserva lo que se le dio.
    Puede volver a solicitarlas aquí:
mail-late-subject = Su trabajo tardío: { $part } de { $title }
mail-late-admitted =
    { $n ->
        [one] Una respuesta
       *[other] { $n } respuestas
    } de la { $part } de «{ $title }» nos llegó después del cierre, y ahora cuenta.
    Motivo: { $reason }
    Hay una nueva versión de su comprobante; la primera sigue siendo válida. Huella digital: { $digest }
mail-late-refused =
    { $n ->
        [one] Una respuesta
       *[other] { $n } respuestas
    } de la { $part } de «{ $title }» nos llegó después del cierre, y no contará.
    Motivo: { $reason }
    Su comprobante queda como está. Huella digital: { $digest }
mail-results-subject = Su resultado está disponible: { $title }
mail-results =
    Se ha publicado el resultado de «{ $title }».
    Inicie sesión para leerlo, junto con su carta:
mail-calibration-subject = Novedades sobre su calibración
mail-calibration =
    Hay novedades sobre los exámenes que calificó, o sobre lo que se le dará a leer.
    Sus puntuaciones y la referencia están aquí:
mail-review-subject = { $n ->
    [one] Un texto le espera
   *[other] { $n } textos le esperan
}
mail-review =
    { $n ->
        [one] Se le ha asignado un texto. Por favor selle su revisión a más tardar el { $due }.
       *[other] Se le han asignado { $n } textos. Por favor selle sus revisiones a más tardar el { $due }.
    }
    Si no puede, o si reconoce a quien escribe, rechácelo con un clic; nadie más sabrá por qué.
mail-reminder-subject = Se espera su revisión
mail-reminder =
    Aún se espera su revisión; la fecha indicada es el { $due }.
    Sus borradores se conservan. Si le falta tiempo, rechácelos y otra persona se hará cargo.
mail-taken-back-subject = Textos suyos pasaron a otras personas
mail-taken-back =
    Los textos que le esperaban se han asignado a otras personas. No hace falta que haga nada por ellos.
    Lo que le espera ahora está aquí:
mail-asked-subject = ¿Puede terminar lo que empezó?
mail-asked =
    El plazo de una revisión que usted empezó vencía el { $due }. Por favor termínela, o devuélvala con un clic: otra persona se hará cargo.
mail-appeal-received-subject = Recibimos su apelación: { $title }
mail-appeal-received =
    Recibimos su apelación contra el resultado de «{ $title }». Decidirá una persona de la coordinación que no participó.
    Aquí puede leerla, y retirarla hasta que se decida:
mail-appeal-decided-subject = Se decidió su apelación: { $title }
mail-appeal-decided =
    Se decidió su apelación contra el resultado de «{ $title }». { $decision }
    Motivo: { $reason }
    Aquí puede leerlo otra vez:
mail-seat-subject = Su plaza quedó libre: { $title }
mail-seat =
    Usted aprobó el examen y no necesita otro. Su plaza en «{ $title }» quedó libre.
    Sus exámenes:
mail-correction-subject = Se decidió sobre su corrección
mail-correction =
    Se examinó una corrección de una evaluación suya y se decidió sobre ella. La página del texto muestra la evaluación como queda:
mail-release-subject = Una publicación espera su aprobación: { $title }
mail-release =
    { $name } ha preparado una publicación para «{ $title }» con { $n ->
        [one] una carta
       *[other] { $n } cartas
    }.
    Nada llega a quienes se examinaron antes de que una segunda persona la apruebe:
