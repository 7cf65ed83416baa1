# The shell of every page: header, navigation, dates, fields.

product = evenhand
skip-to-content = Ir al contenido
nav-label = Principal
nav-exams = Mis exámenes
nav-results = Resultados
nav-inbox = Bandeja de entrada
nav-marking = Calificación
nav-desk = Escritorio
nav-sittings = Convocatorias
nav-people = Personas
nav-import = Importar
nav-rules = Reglas
nav-audit = Auditoría
sign-out = Cerrar sesión
language-label = Idioma
footer-line = Toda respuesta que aparece como guardada está en el disco del servidor.

field-optional = (opcional)
problems-title = { $n ->
    [one] Hay un punto que requiere su atención
   *[other] Hay { $n } puntos que requieren su atención
}

weekday-name = { $n ->
    [1] lunes
    [2] martes
    [3] miércoles
    [4] jueves
    [5] viernes
    [6] sábado
   *[7] domingo
}
month-name = { $n ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[12] diciembre
}
month-short = { $n ->
    [1] ene
    [2] feb
    [3] mar
    [4] abr
    [5] may
    [6] jun
    [7] jul
    [8] ago
    [9] sep
    [10] oct
    [11] nov
   *[12] dic
}
date-long = { $day } de { $month } de { $year }
date-short = { $day } { $month } { $year }
time-of-day = { $hour }:{ $minute } { $half ->
    [am] a. m.
   *[pm] p. m.
}
instant-long = { $weekday }, { $date }, { $time } { $zone }
instant-short = { $date }, { $time }
duration-days = { $n ->
    [one] { $n } día
   *[other] { $n } días
}
duration-hours = { $n ->
    [one] { $n } hora
   *[other] { $n } horas
}
duration-minutes = { $n ->
    [one] { $n } minuto
   *[other] { $n } minutos
}
duration-seconds = { $n ->
    [one] { $n } segundo
   *[other] { $n } segundos
}
