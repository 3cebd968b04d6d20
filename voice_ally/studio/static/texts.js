// Every word of the studio's own, in English and German. To change a label, change it here: no
// build is needed. {name} is filled in; a table of one entry each, [English, German].

/** @type {Record<string, [unknown, unknown]>} */
const TEXTS = {
  quote: ["“{text}”", "„{text}“"],
  "tab.Problems": ["Problems", "Probleme"],
  "tab.Map": ["Map", "Karte"],
  "tab.Try": ["Try", "Ausprobieren"],
  "tab.Hear": ["Hear", "Hören"],
  "tab.Phrases": ["Phrases", "Sätze"],
  "tab.History": ["History", "Verlauf"],
  "tabs.label": ["About this dialog", "Zu diesem Dialog"],

  "editor.label": ["Text of the dialog", "Text des Dialogs"],
  "editor.phrases": [{}, {
    Find: "Suchen", Replace: "Ersetzen", next: "weiter", previous: "zurück", all: "alle", close: "schließen",
    "match case": "Groß/klein", regexp: "Muster", "by word": "ganze Wörter", replace: "ersetzen", "replace all": "alle ersetzen",
    "Fold line": "Einklappen", "Unfold line": "Ausklappen", "Folded lines": "Eingeklappt", "Unfolded lines": "Ausgeklappt",
    unfold: "ausklappen", "folded code": "Eingeklappt", "$ unchanged lines": "$ gleiche Zeilen", Completions: "Vorschläge",
  }],
  "line.hear": ["Hear this line", "Diese Zeile anhören"],
  "line.say": ["Say this phrase", "Diesen Satz sagen"],
  "line.none": ["Words in quotes can be heard or said from here.", "Worte in Anführungszeichen lassen sich von hier aus anhören oder sagen."],
  "line.seconds": ["{n} s long", "{n} s lang"],
  "line.words": ["{n} words", "{n} Wörter"],
  "line.level": ["reading level {n}", "Lesestufe {n}"],
  "line.voice": ["Voice", "Stimme"],
  "line.wait": ["The voice is getting ready …", "Die Stimme macht sich bereit …"],

  "problem.error": ["Error.", "Fehler."],
  "problem.warning": ["Note.", "Hinweis."],
  "problems.none": ["Nothing to fix", "Nichts zu verbessern"],
  "problems.none.more": ["This dialog can be used as it stands.", "Dieser Dialog kann so verwendet werden."],
  "problems.count": ["{errors} errors, {warnings} notes", "{errors} Fehler, {warnings} Hinweise"],
  "problems.checking": ["Looking …", "Wird geprüft …"],
  "problems.line": ["Line {line}", "Zeile {line}"],
  "problems.other": ["In other files", "In anderen Dateien"],
  "problems.unused": ["Not in use: as long as there is an error, the last version without one is used.", "Nicht in Gebrauch: Solange ein Fehler da ist, gilt die letzte Fassung ohne Fehler."],

  "map.empty": ["The map appears when the text can be read.", "Die Karte erscheint, sobald der Text lesbar ist."],
  "map.answer": ["answer", "Antwort"],
  "map.silence": ["silence", "Stille"],
  "map.unclear": ["unclear", "unklar"],
  "map.detour": ["detour", "Umweg"],
  "map.next": ["then", "dann"],
  "map.lost": ["never reached", "nie erreicht"],
  "map.print": ["Print", "Drucken"],
  "map.svg": ["Save as SVG", "Als SVG sichern"],
  "map.mermaid": ["Save as Mermaid", "Als Mermaid sichern"],
  "map.list": ["The same as a list", "Dasselbe als Liste"],
  "map.picture": ["Map of {name}; the list below says the same", "Karte von {name}; die Liste darunter sagt dasselbe"],

  "try.log": ["Conversation", "Gespräch"],
  "try.field": ["What you would say", "Was Sie sagen würden"],
  "try.placeholder": ["Say something …", "Etwas sagen …"],
  "try.quick": ["Quick answers", "Schnelle Antworten"],
  "try.start": ["Start this dialog", "Diesen Dialog beginnen"],
  "try.again": ["From the start", "Von vorn"],
  "try.undo": ["Take back", "Zurücknehmen"],
  "try.save": ["Save as test", "Als Test sichern"],
  "try.send": ["Say", "Sagen"],
  "try.silence": ["(silence)", "(Stille)"],
  "try.stop": ["Stop", "Stopp"],
  "try.stop.word": ["stop", "stop"],
  "try.nothing": ["(silence)", "(Stille)"],
  "try.ally": ["Voice Ally", "Voice Ally"],
  "try.you": ["You", "Sie"],
  "try.follow": ["Go to this line", "Zu dieser Zeile"],
  "try.empty": ["Talk with your dialog", "Mit dem Dialog sprechen"],
  "try.empty.more": ["Waits and breaths are jumped over. The conversation stays where it is while you edit.", "Wartezeiten und Atemzüge werden übersprungen. Das Gespräch bleibt, wo es ist, während Sie schreiben."],
  "try.asking": ["It waits for an answer.", "Es wartet auf eine Antwort."],
  "try.ended": ["The dialog is over.", "Der Dialog ist zu Ende."],
  "try.name": ["Name of the test", "Name des Tests"],
  "try.saved": ["Saved as {name}.", "Gesichert als {name}."],
  "tests.title": ["Tests of this pack", "Tests dieses Pakets"],
  "tests.run": ["Run all", "Alle laufen lassen"],
  "tests.none": ["None yet. Have a conversation, then “Save as test”.", "Noch keine. Führen Sie ein Gespräch, dann „Als Test sichern“."],
  "tests.good": ["as before", "wie vorher"],
  "tests.bad": ["differs", "anders"],

  "hear.start": ["Listen", "Zuhören"],
  "hear.stop": ["Stop listening", "Nicht mehr zuhören"],
  "hear.level": ["Microphone level", "Pegel des Mikrofons"],
  "hear.empty": ["Say it, and see what is understood", "Sprechen, und sehen, was verstanden wird"],
  "hear.empty.more": ["It listens as in a session that stands where Try stands. Nothing is kept.", "Es hört zu wie in einer Sitzung, die dort steht, wo „Ausprobieren“ steht. Nichts wird behalten."],
  "hear.target": ["Now say:", "Sagen Sie jetzt:"],
  "hear.drop": ["Or drop a recording here,", "Oder eine Aufnahme hierher ziehen,"],
  "hear.choose": ["choose one", "eine auswählen"],
  "hear.at": ["Listening at: {place}", "Hört zu bei: {place}"],
  "hear.idle": ["the start of a session", "Beginn einer Sitzung"],
  "hear.sure": ["{n} % sure", "zu {n} % sicher"],
  "hear.runner": ["Next best: {text} ({n} %)", "Nächstbestes: {text} ({n} %)"],
  "hear.act": ["acts on it", "handelt danach"],
  "hear.confirm": ["would ask", "würde nachfragen"],
  "hear.ignore": ["ignores it", "beachtet es nicht"],
  "hear.nothing": ["nothing that is listened for", "nichts, worauf gehört wird"],
  "hear.reading": ["Listening to {name} …", "Hört {name} …"],
  "hear.wait": ["Getting ready to listen …", "Macht sich bereit …"],

  "phrases.armed": ["What can be said here", "Was hier gesagt werden kann"],
  "phrases.answers": ["Answers and triggers", "Antworten und Auslöser"],
  "phrases.commands": ["Works everywhere", "Geht überall"],
  "phrases.rehearse": ["Have it said by many voices", "Von vielen Stimmen sprechen lassen"],
  "phrases.cancel": ["Stop", "Abbrechen"],
  "phrases.progress": ["{done} of {total}", "{done} von {total}"],
  "phrases.worst": ["How well phrases are heard, the worst first", "Wie gut Sätze verstanden werden, die schlechtesten zuerst"],
  "phrases.phrase": ["Phrase", "Satz"],
  "phrases.clean": ["Quiet", "Ruhig"],
  "phrases.noise": ["In noise", "Im Lärm"],
  "phrases.mostly": ["Heard instead", "Statt dessen verstanden"],
  "phrases.say": ["Say it", "Sagen"],
  "phrases.words": ["Words the dictionary does not know", "Wörter, die nicht im Wörterbuch stehen"],
  "phrases.word": ["Word", "Wort"],
  "phrases.sounds": ["Sounds", "Laute"],
  "phrases.play": ["Play", "Anhören"],
  "phrases.keep": ["Keep", "Übernehmen"],
  "phrases.none": ["Nothing is listened for here.", "Hier wird auf nichts gehört."],
  "phrases.allknown": ["All words are known.", "Alle Wörter sind bekannt."],

  "history.none": ["No versions yet", "Noch keine Fassungen"],
  "history.none.more": ["Every save is kept as a version that can be brought back.", "Jedes Sichern wird als Fassung behalten und kann zurückgeholt werden."],
  "history.compare": ["Compare", "Vergleichen"],
  "history.restore": ["Bring back", "Zurückholen"],
  "history.restored": ["Brought back. Undo or save as you like.", "Zurückgeholt. Rückgängig machen oder sichern, wie Sie möchten."],
  "history.then": ["Version of {when}", "Fassung von {when}"],
  "history.now": ["The text now", "Der Text jetzt"],
  "history.same": ["Same as the text now", "Gleich dem Text jetzt"],

  "conflict.says": ["“{name}” was changed on disk meanwhile. Nothing is overwritten until you choose.", "„{name}“ wurde inzwischen auf der Festplatte geändert. Nichts wird überschrieben, bis Sie wählen."],
  "conflict.see": ["See both", "Beide ansehen"],
  "conflict.theirs": ["On disk", "Auf der Festplatte"],
  "conflict.mine": ["Yours", "Ihrer"],
  "conflict.keep": ["Keep mine", "Meinen behalten"],
  "conflict.take": ["Take theirs", "Deren nehmen"],
  "conflict.later": ["Later", "Später"],

  "pack.label": ["Dialogs of this pack", "Dialoge dieses Pakets"],
  "pack.yours": ["Yours", "Ihre"],
  "pack.bundled": ["Bundled", "Mitgeliefert"],
  "pack.new": ["New dialog", "Neuer Dialog"],
  "pack.filter": ["Find a dialog", "Dialog suchen"],
  "pack.none": ["No dialog fits.", "Kein Dialog passt."],
  "pack.for.one": ["for one", "für eine Person"],
  "pack.for.two": ["for two", "für zwei"],
  "pack.for.either": ["for one or two", "für eine oder zwei"],
  "pack.unsaved": ["unsaved", "ungesichert"],
  "pack.errors": ["{n} errors", "{n} Fehler"],
  "pack.warnings": ["{n} notes", "{n} Hinweise"],
  "pack.list": ["Dialogs", "Dialoge"],
  "pack.phrases": ["Words and commands they share", "Gemeinsame Wörter und Befehle"],
  "own.says": ["This dialog came with Voice Ally. Make it yours to change it.", "Dieser Dialog wird mitgeliefert. Machen Sie ihn zu Ihrem, um ihn zu ändern."],
  "own.do": ["Make it mine", "Zu meinem machen"],
  "new.title": ["A new dialog", "Ein neuer Dialog"],
  "new.name": ["Title", "Titel"],
  "new.hint": ["For example: A calm evening", "Zum Beispiel: Ein ruhiger Abend"],
  "new.template": ["Start from", "Ausgehen von"],
  "new.make": ["Create", "Anlegen"],

  "save.do": ["Save", "Sichern"],
  "save.saved": ["Saved", "Gesichert"],
  "save.kept": ["Draft kept", "Entwurf behalten"],
  "save.keeping": ["Keeping draft …", "Entwurf wird behalten …"],
  "save.waiting": ["Not connected; your text is kept here", "Nicht verbunden; Ihr Text bleibt hier erhalten"],
  "save.unused": ["Saved, but not in use: it has errors.", "Gesichert, aber nicht in Gebrauch: Es sind Fehler darin."],
  "save.done": ["Saved and in use.", "Gesichert und in Gebrauch."],
  "link.lost": ["The connection to the studio is lost. Keep writing: your text stays here and is sent when it is back.", "Die Verbindung zum Studio ist weg. Schreiben Sie weiter: Ihr Text bleibt hier und wird gesendet, sobald sie wieder da ist."],
  "fix.done": ["Fixed.", "Verbessert."],
  "more.keys": ["Keys", "Tasten"],
  "keys.title": ["Everything by keyboard", "Alles mit der Tastatur"],
  "keys.list": [
    [["Ctrl+S", "Save"], ["Alt+1 … Alt+6", "Problems, Map, Try, Hear, Phrases, History"], ["Alt+0", "To the text"], ["Alt+9", "To the list of dialogs"],
      ["Alt+Enter", "Hear this line, or say this phrase"], ["Ctrl+.", "Fix the problem of this line"], ["F8", "To the next problem"], ["Ctrl+F", "Search"],
      ["Ctrl+Space", "What may stand here"], ["Ctrl+Shift+[ and ]", "Fold and unfold"], ["Esc, then Tab", "Leave the text"], ["?", "These keys (outside of the text)"]],
    [["Strg+S", "Sichern"], ["Alt+1 … Alt+6", "Probleme, Karte, Ausprobieren, Hören, Sätze, Verlauf"], ["Alt+0", "Zum Text"], ["Alt+9", "Zur Liste der Dialoge"],
      ["Alt+Enter", "Diese Zeile anhören oder diesen Satz sagen"], ["Strg+.", "Das Problem dieser Zeile beheben"], ["F8", "Zum nächsten Problem"], ["Strg+F", "Suchen"],
      ["Strg+Leertaste", "Was hier stehen darf"], ["Strg+Umschalt+[ und ]", "Ein- und ausklappen"], ["Esc, dann Tab", "Den Text verlassen"], ["?", "Diese Tasten (außerhalb des Textes)"]],
  ],
  cancel: ["Cancel", "Abbrechen"],
  close: ["Close", "Schließen"],
  failed: ["That did not work: {why}", "Das ging nicht: {why}"],
};

export const language = (navigator.languages ?? [navigator.language]).map((one) => one.slice(0, 2)).find((one) => one === "de" || one === "en") === "de" ? "de" : "en";
const at = language === "de" ? 1 : 0;

/**
 * A text in the browser's language.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {any} text; for a few keys a list or a table
 */
export function t(key, values = {}) {
  const text = TEXTS[key]?.[at] ?? key;
  if (typeof text !== "string") return text;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const moments = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

/** @param {number} value */
export const number = (value) => numbers.format(value);
/** @param {number} seconds since 1970 */
export const moment = (seconds) => moments.format(new Date(seconds * 1000));
