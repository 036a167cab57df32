import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { de } from "../../src/entities/sentences/de.ts";
import { de as definitionsDe } from "../../src/entities/sentences/definitions/de.ts";
import { en as definitionsEn } from "../../src/entities/sentences/definitions/en.ts";
import { es as definitionsEs } from "../../src/entities/sentences/definitions/es.ts";
import { fr as definitionsFr } from "../../src/entities/sentences/definitions/fr.ts";
import { ptBR as definitionsPtBR } from "../../src/entities/sentences/definitions/ptBR.ts";
import { en } from "../../src/entities/sentences/en.ts";
import { es } from "../../src/entities/sentences/es.ts";
import { fr } from "../../src/entities/sentences/fr.ts";
import { de as importsDe } from "../../src/entities/sentences/imports/de.ts";
import { en as importsEn } from "../../src/entities/sentences/imports/en.ts";
import { es as importsEs } from "../../src/entities/sentences/imports/es.ts";
import { fr as importsFr } from "../../src/entities/sentences/imports/fr.ts";
import { ptBR as importsPtBR } from "../../src/entities/sentences/imports/ptBR.ts";
import { ptBR } from "../../src/entities/sentences/ptBR.ts";
import { de as listsDe } from "../../src/protocol/lists/sentences/de.ts";
import { en as listsEn } from "../../src/protocol/lists/sentences/en.ts";
import { es as listsEs } from "../../src/protocol/lists/sentences/es.ts";
import { fr as listsFr } from "../../src/protocol/lists/sentences/fr.ts";
import { ptBR as listsPtBR } from "../../src/protocol/lists/sentences/ptBR.ts";
import { type ImportHouse, openImportHouse } from "./imports/importHouse.ts";

/** bad-input.md, 4.7 to 4.9: each message names the field, the value and the rule, in the language of the person. */
type Catalog = Readonly<Record<string, unknown>>;
const catalogs: [name: string, english: Catalog, others: Record<string, Catalog>][] = [
  ["entities", en, { de, es, fr, "pt-BR": ptBR }],
  ["definitions", definitionsEn, { de: definitionsDe, es: definitionsEs, fr: definitionsFr, "pt-BR": definitionsPtBR }],
  ["imports", importsEn, { de: importsDe, es: importsEs, fr: importsFr, "pt-BR": importsPtBR }],
  ["lists", listsEn, { de: listsDe, es: listsEs, fr: listsFr, "pt-BR": listsPtBR }],
  [
    "conditions",
    listsEn.conditions,
    { de: listsDe.conditions, es: listsEs.conditions, fr: listsFr.conditions, "pt-BR": listsPtBR.conditions },
  ],
];

/** Words and numbers that stand in no sentence of their own. */
const given = (count: number, asNumbers: boolean) => Array.from({ length: count }, (_, index) => (asNumbers ? 901 + index : `w${index}w`));

/** What a sentence says of what it is given, as words where it takes words. */
function said(sentence: unknown, count: number): string {
  if (typeof sentence !== "function") return String(sentence);
  return String(sentence(...given(count, false)));
}

describe.each(catalogs)("the sentences about %s", (_name, english, others) => {
  it.each(Object.keys(others))("say in %s all that the English ones say, in other words", (language) => {
    const other = others[language] ?? {};
    expect(Object.keys(other).sort()).toEqual(Object.keys(english).sort());
    const same = [];
    for (const [key, sentence] of Object.entries(english)) {
      if (typeof sentence === "object") continue;
      const count = typeof sentence === "function" ? sentence.length : 0;
      const [words, there] = [said(sentence, count), said(other[key], count)];
      for (const word of given(count, false)) if (words.includes(String(word))) expect(`${key}: ${there}`).toContain(String(word));
      if (words === there) same.push(key);
    }
    // What is the same word in two languages: French and Portuguese say "ou".
    expect(same).toEqual([]);
  });
});

describe("a refusal", () => {
  let house: ImportHouse;
  let key: string;
  beforeAll(async () => {
    house = await openImportHouse();
    const { ask, admin, agent } = house;
    key = await house.blueprintOf(
      [
        { key: "id", name: "Nummer", type: "sequence", prefix: "LF-" },
        { key: "menge", name: "Menge", type: "integer", min: 1 },
        { key: "code", name: "Code", type: "text", unique: true },
        { key: "status", name: "Status", type: "choice", choices: ["OFFEN", "FERTIG"], default: "OFFEN" },
      ],
      "Lieferung",
    );
    const transitions = [
      { key: "liefern", name: "Liefern", from: ["OFFEN"], to: "FERTIG", guard: { menge: { gte: 5 } } },
      { key: "ablegen", name: "Ablegen", from: ["FERTIG"], to: "OFFEN" },
    ];
    expect((await ask(admin, "PATCH", `/blueprints/${key}`, { flow: { field: "status", transitions } })).status).toBe(200);
    expect((await ask(agent, "POST", `/blueprints/${key}/entities`, { values: { menge: 1, code: "a" } })).status).toBe(201);
  });
  afterAll(() => house.product.stop());

  const told = async (language: string, method: string, path: string, body?: object) => {
    const answer = await house.ask(house.agent, method, path, body, { "accept-language": language });
    return answer.body.error?.message;
  };
  const entities = () => `/blueprints/${key}/entities`;

  it("of a value names field, value and rule in the language that is asked for, the first that is spoken", async () => {
    const wrong = (menge: unknown) => ({ values: { menge } });
    const first = async (language: string, menge: unknown = "12a") => await told(language, "POST", entities(), wrong(menge));
    expect(await first("de-AT,de;q=0.9,en;q=0.5")).toBe("„Menge“ muss eine ganze Zahl mit höchstens 15 Ziffern sein; „12a“ ist es nicht.");
    expect(await first("es-MX")).toBe("«Menge» debe ser un número entero de 15 cifras como máximo; «12a» no lo es.");
    expect(await first("pt")).toBe('"Menge" deve ser um número inteiro de no máximo 15 dígitos; "12a" não é.');
    expect(await first("fr-CH, de;q=0.8")).toBe("« Menge » doit être un nombre entier de 15 chiffres au plus ; « 12a » ne l'est pas.");
    expect(await first("pl,fr;q=0.2", 0)).toBe("« Menge » doit être 1 ou plus ; « 0 » ne l'est pas.");
    for (const language of ["pl", "*", "", "de;q=0,en", "\u00ff;;q=x", "x".repeat(2000)])
      expect(await first(language, ["a"])).toBe('"Menge" must be a whole number of at most 15 digits; "["a"]" isn\'t.');
    expect(await first("en", { a: 1 })).toBe(
      `"values.menge" doesn't fit: it takes a text, a number, true, false, a list of texts, or null.`,
    );
    expect(await first("de", "1".repeat(500))).toContain(`„${"1".repeat(60)}…“`);
  });

  it("of a body of another shape is told so too, with its place and without what it says", async () => {
    const of = async (language: string, body: object) => await told(language, "POST", entities(), body);
    expect(await of("en", { values: "secret" })).toBe('"values" doesn\'t fit: Invalid input: expected record, received string.');
    expect(await of("de", { values: "secret" })).toBe("„values“ passt nicht: Ungültige Eingabe: erwartet record, erhalten string.");
    expect(await of("es", { values: {}, [`wert${"x".repeat(100)}`]: 1 })).toBe(`Aquí no hay ningún campo «wert${"x".repeat(56)}…».`);
    expect(await of("fr", { values: {}, more: 1 })).toBe("Il n'y a pas de champ « more » ici.");
    expect(await of("pt-BR", [])).toContain("O que foi enviado não serve: Entrada inválida:");
  });

  it("of a change, a step, a filter and a run is told so too", async () => {
    const one = `${entities()}/LF-1`;
    expect(await told("de", "PATCH", one, { values: { farbe: "rot" } })).toBe(
      "Es gibt kein Feld „farbe“; es gibt id, menge, code, status.",
    );
    expect(await told("es", "PATCH", one, { values: { status: "FERTIG" } })).toBe("«Status» solo cambia mediante pasos: liefern.");
    expect(await told("de", "POST", `${one}/transitions/liefern`, { values: {} })).toBe(
      "„Liefern“ ist nur möglich, wenn Menge mindestens 5 ist.",
    );
    expect(await told("pt-BR", "POST", `${one}/transitions/ablegen`, { values: {} })).toBe(
      '"Status" está em OFFEN; "Ablegen" começa em FERTIG.',
    );
    expect(await told("fr", "POST", entities(), { values: { code: "A" } })).toBe(
      "« Code » doit être unique, et une autre fiche a déjà « a ».",
    );
    expect(await told("de", "GET", `${entities()}/LF-9`)).toBe("Diesen Eintrag gibt es nicht (Lieferung).");
    const filter = encodeURIComponent(JSON.stringify({ menge: { gte: "viele" } }));
    expect(await told("fr", "GET", `${entities()}?filter=${filter}`)).toBe(
      "« filter.menge.gte » doit être un nombre entier ; « viele » ne l'est pas.",
    );
    expect(await told("es", "GET", `${entities()}?sort=farbe`)).toContain("Esta lista no tiene el campo «farbe»");
    expect(await told("de", "POST", `/commands/${key}.create/runs`, { args: { menge: 0 } })).toBe(
      "„Menge“ muss mindestens 1 sein; „0“ ist es nicht.",
    );
    const { body } = await house.ask(
      house.agent,
      "POST",
      `/commands/${key}.step-all/runs`,
      { args: { step: "liefern", where: "all" } },
      { "accept-language": "pt-BR" },
    );
    expect(JSON.stringify(body)).toContain("só pode ser feito quando Menge é no mínimo 5");
  });

  it("is no reason why what others agreed to isn't what was planned, and a run ends in the words of whoever asked", async () => {
    const { ask, admin, agent } = house;
    await admin.run("approval.require", { command: `${key}.update`, by: "admin" });
    const german = { "accept-language": "de" };
    const args = { where: "all", menge: 0 };
    const waits = await ask(agent, "POST", `/commands/${key}.update-all/runs`, { args: { ...args, errors: "skip" } }, german);
    expect([waits.status, waits.body.state]).toEqual([202, "waiting"]);
    await ask(admin, "POST", `/runs/${waits.body.id}/approvals`, { decision: "approve" }, { "accept-language": "fr" });
    const state = async () => (await ask(agent, "GET", `/runs/${waits.body.id}`)).body;
    await expect.poll(async () => (await state()).state).not.toMatch(/waiting|running/);
    const { state: ended, error, data } = await state();
    expect([ended, error, data?.problems[0]?.message]).toEqual(["succeeded", null, "„Menge“ muss mindestens 1 sein; „0“ ist es nicht."]);
  });

  it("of a blueprint is told so too", async () => {
    const made = async (language: string, fields: object[], more: object = {}) => {
      const body = { key: "neu", name: "Neu", fields, ...more };
      const answer = await house.ask(house.admin, "POST", "/blueprints", body, { "accept-language": language });
      return [answer.body.error?.path, answer.body.error?.message];
    };
    const one = { key: "art", name: "Art", type: "choice", choices: ["a", "b"] };
    expect(await made("de", [one, { ...one, name: "Sorte" }])).toEqual(["fields.1.key", "Es gibt zwei Felder „art“."]);
    expect(await made("es", [{ ...one, choices: [] }])).toEqual(["fields.0.choices", "«Art» debe ser ofrecido con al menos una opción."]);
    expect(await made("fr", [{ key: "Art", name: "Art", type: "text" }])).toEqual([
      "fields.0.key",
      "« Art » n'est pas une clé : d'abord une minuscule, puis minuscules, chiffres et _, 63 au plus.",
    ]);
    const shown = [
      { ...one, shownWhen: { zahl: { gte: 1 } } },
      { key: "zahl", name: "Zahl", type: "integer", shownWhen: { art: { eq: "c" } } },
    ];
    expect(await made("de", shown.slice(1).concat(one as never))).toEqual([
      "fields.0.shownWhen.art.eq",
      "„Zahl“ hat eine Bedingung, die nicht passt: „art.eq“ muss einer von a, b sein; „c“ ist es nicht.",
    ]);
    const circle = shown.map((field) => (field.key === "zahl" ? { ...field, shownWhen: { art: { eq: "a" } } } : field));
    expect((await made("pt-BR", circle))[1]).toBe(
      '"Art" dependeria de si mesmo: "Art", que depende do campo "Zahl", que depende do campo "Art".',
    );
    const step = { key: "los", name: "Los", from: ["a"], to: "c" };
    expect((await made("es", [one], { flow: { field: "art", transitions: [step] } }))[1]).toBe("«c» no es un estado; existen a, b.");
    expect((await made("de", [{ key: "wert", name: "Wert", type: "integer", min: 5, max: 1 }]))[1]).toBe(
      "„Wert“ muss mit einem min, das nicht über max liegt, versehen sein.",
    );
  });

  it("of a file, and of what is said of it, is told so too", async () => {
    const upload = async (language: string, content: string, name: string) =>
      (await house.upload(key, content, { name, headers: { "accept-language": language } })).body;
    expect((await upload("de", "Menge\n", "leer.csv")).error?.message).toBe(
      "Die Datei hat die Namen der Spalten und darunter keine Zeile.",
    );
    expect((await upload("fr", 'Menge\n"7\n', "a.csv")).error?.message).toBe(
      "À la ligne 2, un guillemet ouvre un texte qui ne finit jamais.",
    );
    expect((await upload("es", "Menge\n7\n", "a.xlsx")).error?.message).toBe(
      "«a.xlsx» no es un libro XLSX, aunque se llame así; a un CSV llámelo .csv.",
    );
    const draft = await upload("de", "Menge,Nummer\n7,LF-1\n", "a.csv");
    const set = async (settings: object, language: string) =>
      (await house.ask(house.agent, "PATCH", house.at(draft), { settings }, { "accept-language": language })).body.problems;
    expect(await set({ key: null, columns: [{ field: null }, { field: "id" }] }, "pt-BR")).toEqual([
      {
        path: "settings.columns.1.field",
        message: '"Nummer" é atribuído pelo produto: uma coluna só pode encontrar registros por ele.',
      },
    ]);
  });

  it("of a row stands in the file of errors as whoever imports reads it", async () => {
    const view = await house.bring(key, "Menge,Code\nviele,b\n7,a\n", { errors: "fitting", key: null }, "some.csv", {
      "accept-language": "de",
    });
    const errors = await house.errors(view);
    expect(errors).toContain("2,Menge,viele,„Menge“ muss eine ganze Zahl sein.");
    expect(errors).toContain('3,Code,a,"„Code“ muss eindeutig sein, und ein anderer Eintrag hat das schon."');
  });

  it("of groups, notes and views is told so too", async () => {
    const groups = (query: string) => `${entities()}/groups?${query}`;
    expect(await told("de", "GET", groups("by=menge:month"))).toBe(
      "„menge“ ist keine Zeitangabe und lässt sich nicht nach month gliedern.",
    );
    expect(await told("fr", "GET", groups("by=status&aggregate=sum:code"))).toBe("« code » est de type text, qui n'a pas de sum.");
    expect(await told("es", "GET", groups("by=status,status"))).toBe("«by» nombra «status» dos veces.");
    const notes = `${entities()}/LF-1/notes`;
    expect(await told("pt-BR", "GET", `${notes}?cursor=x`)).toBe("Este cursor não é nosso.");
    expect(await told("de", "POST", notes, { text: " " })).toBe("Eine Notiz hat 1 bis 10.000 Zeichen.");
    const views = `/blueprints/${key}/views`;
    const look = { face: "table", sort: ["farbe"], filters: [], widths: {}, pinned: [], hidden: [], group: "status", aggregates: {} };
    expect(await told("fr", "POST", views, { name: "Vue", look })).toBe("Il n'y a pas de champ « farbe » pour cette vue.");
    expect(await told("es", "DELETE", `${views}/0198c000-0000-7000-8000-000000000001`)).toBe("Esa vista no existe.");
  });

  it("has limits as the language writes numbers and times, and what was given as it was", async () => {
    const of = await house.blueprintOf([
      { key: "preis", name: "Preis", type: "decimal", places: 2, max: "1500.50" },
      { key: "tag", name: "Tag", type: "date", min: "2026-03-01" },
      { key: "beginn", name: "Beginn", type: "instant", min: "2026-03-01T09:30:00.000Z" },
    ]);
    const first = async (language: string, values: object) => await told(language, "POST", `/blueprints/${of}/entities`, { values });
    const [dear, early] = [{ preis: "9000.00" }, { tag: "2026-02-01" }];
    expect(await first("de", dear)).toBe("„Preis“ muss höchstens 1.500,50 sein; „9000.00“ ist es nicht.");
    expect(await first("fr", dear)).toContain(" 1\u202f500,50 ");
    expect(await first("es", dear)).toContain(" 1500,50 ");
    expect(await first("pt-BR", dear)).toContain(" 1.500,50 ");
    expect(await first("en", dear)).toContain(" 1500.50 ");
    expect(await first("de", early)).toContain("01.03.2026");
    expect(await first("pt-BR", early)).toContain("01/03/2026");
    expect(await first("en", early)).toContain("2026-03-01 or later");
    expect(await first("fr", { beginn: "2026-01-01T00:00:00Z" })).toMatch(/01\/03\/2026,? (à )?09:30 UTC/);
  });
});
