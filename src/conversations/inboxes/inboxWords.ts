/** What an inbox says where the tenant wrote nothing: the keys that a text may have, each in the product's languages. */
export const ownWords = {
  greeting: {},
  "away.closed": {
    en: "We are closed right now. Leave a message: it waits for us, and we answer when we are back.",
    "pt-BR": "Estamos fechados no momento. Deixe uma mensagem: ela espera por nós, e respondemos quando voltarmos.",
    es: "Ahora estamos cerrados. Deje un mensaje: nos espera, y responderemos cuando volvamos.",
    fr: "Nous sommes fermés pour le moment. Laissez un message : il nous attend, et nous répondrons à notre retour.",
    de: "Wir haben gerade geschlossen. Hinterlassen Sie eine Nachricht: Sie wartet auf uns, und wir antworten, sobald wir zurück sind.",
  },
  "away.nobody": {
    en: "Nobody is at the desk right now. Leave a message: it keeps its place, and we answer as soon as somebody is back.",
    "pt-BR": "Não há ninguém no atendimento agora. Deixe uma mensagem: ela guarda o lugar, e respondemos assim que alguém voltar.",
    es: "Ahora no hay nadie en el puesto. Deje un mensaje: conserva su lugar, y responderemos en cuanto alguien vuelva.",
    fr: "Personne n'est au poste pour le moment. Laissez un message : il garde sa place, et nous répondrons dès que quelqu'un sera de retour.",
    de: "Gerade ist niemand am Platz. Hinterlassen Sie eine Nachricht: Sie behält ihren Platz, und wir antworten, sobald jemand zurück ist.",
  },
  offline: {
    en: "Your message is kept, and a person will answer it.",
    "pt-BR": "Sua mensagem está guardada, e uma pessoa vai respondê-la.",
    es: "Su mensaje está guardado, y una persona lo responderá.",
    fr: "Votre message est conservé, et une personne y répondra.",
    de: "Ihre Nachricht ist aufgehoben, und ein Mensch wird sie beantworten.",
  },
  "prechat.title": {
    en: "Before we begin",
    "pt-BR": "Antes de começar",
    es: "Antes de empezar",
    fr: "Avant de commencer",
    de: "Bevor wir beginnen",
  },
} as const satisfies Record<string, Record<string, string>>;

/** Labels of the fields that nearly every form has; others are called by their name until a text says better. */
export const fieldLabels = {
  "prechat.name": { en: "Name", "pt-BR": "Nome", es: "Nombre", fr: "Nom", de: "Name" },
  "prechat.email": { en: "E-mail", "pt-BR": "E-mail", es: "Correo electrónico", fr: "E-mail", de: "E-Mail" },
  "prechat.phone": { en: "Phone", "pt-BR": "Telefone", es: "Teléfono", fr: "Téléphone", de: "Telefon" },
} as const satisfies Record<string, Record<string, string>>;
