// Try, Hear, Phrases and the sound of a line: all that is spoken or listened to.

import { Chat } from "./chat.js";
import { Hearing } from "./hear.js";
import { Phrases } from "./phrases.js";
import { Tests } from "./tests.js";
import { question } from "./windows.js";
import { t } from "./texts.js";

/** @typedef {import("./place.js").Words} Words */

export class Voices {
  /** @param {any} studio @param {Record<string, HTMLElement>} panels */
  constructor(studio, panels) {
    this.studio = studio;
    this.audio = new Audio();
    /** @type {any} */
    this.talk = null;
    this.chat = new Chat(panels.Try, {
      start: () => this.#talk("try_start", { name: this.name }),
      say: (text) => this.#talk("try_say", { text }),
      silence: () => this.#talk("try_silence"),
      undo: () => this.#talk("try_undo"),
      save: () => this.#saveTest(),
      follow: (line) => studio.editor.goTo(line),
    });
    this.tests = new Tests(this.chat.tests, { run: async () => this.tests.show((await studio.ask("tests_run")).tests) });
    this.hearing = new Hearing(panels.Hear, {
      start: () => this.#listen(),
      stop: () => this.#stopListening(),
      recording: (file) => this.#recording(file),
    });
    this.phrases = new Phrases(panels.Phrases, {
      rehearse: () => this.#rehearse(),
      cancel: () => studio.ask("rehearse_stop").catch(() => {}),
      say: (text) => this.#sayPhrase(text),
      play: (word, sounds) => this.#play("word_play", { word, sounds }),
      keep: (word, sounds) => studio.ask("word_keep", { word, sounds }).then(() => this.moved(), () => {}),
    });
  }

  get name() {
    return this.studio.draft?.name;
  }

  /** From a line: hear what is spoken, say what is listened for. @param {Words} words */
  use(words) {
    if (words.kind === "said") this.#play("say", { text: words.text });
    else this.#sayPhrase(words.text);
  }

  /** How long a line sounds, and how it reads. @param {string} text */
  facts(text) {
    return this.studio.link.ask("line", { text });
  }

  opened() {
    this.hearing.aim("");
    this.#drawTalk();
    this.moved();
  }

  /** The cursor stands in another step. */
  moved() {
    if (this.studio.page.tabs.active === "Phrases") this.#armed();
  }

  /** @param {string} tab */
  shown(tab) {
    if (tab === "Phrases") this.#armed();
    if (tab === "Try") this.studio.link.isOpen && this.studio.link.ask("tests").then(({ tests }) => this.tests.show(tests), () => {});
    if (tab !== "Hear" && this.hearing.isOn) this.#stopListening();
  }

  /** @param {any} message */
  told(message) {
    if (message.event === "tried") this.#tried(message);
    else if (message.event === "level") this.hearing.loudness(message.level);
    else if (message.event === "utterance") this.hearing.add(message);
    else if (message.event === "hearing") {
      this.hearing.on(message.on);
      this.hearing.say(message.note ?? "");
    } else if (message.event === "rehearsed") {
      this.phrases.heard(message.rows);
      this.phrases.run(message.done < message.total && !message.ended, message.done, message.total);
      this.phrases.say(message.note ?? "");
    }
  }

  async #talk(/** @type {string} */ what, data = {}) {
    this.studio.drafts.flush();
    this.#tried(await this.studio.ask(what, data).catch(() => null));
  }

  #tried(/** @type {any} */ talk) {
    if (!talk) return;
    this.talk = talk;
    this.#drawTalk();
  }

  /** The conversation, where it is one with the dialog that is open. */
  #drawTalk() {
    const { talk } = this;
    if (talk && (talk.dialog ?? this.name) === this.name) {
      this.chat.draw({ ...talk, started: true });
      this.studio.light(talk.ended ? null : talk.step, talk.ended ? 0 : talk.line);
    } else {
      this.chat.draw({ turns: [], answers: [], asking: false, ended: false, started: false });
      this.studio.light(null, 0);
    }
  }

  #saveTest() {
    question({ title: t("try.save"), label: t("try.name"), value: this.name, action: t("save.do") }, async (name) => {
      const answer = await this.studio.link.ask("try_save", { name });
      this.studio.page.toast(t("try.saved", { name: answer.file ?? name }));
      this.tests.show((await this.studio.link.ask("tests")).tests);
    });
  }

  async #play(/** @type {string} */ what, /** @type {object} */ data) {
    this.studio.page.toast(t("line.wait"));
    const answer = await this.studio.ask(what, data).catch(() => null);
    if (!answer) return;
    this.studio.page.toast(answer.note ?? "");
    if (!answer.wav) return;
    const bytes = Uint8Array.from(atob(answer.wav), (sign) => sign.charCodeAt(0));
    URL.revokeObjectURL(this.audio.src);
    this.audio.src = URL.createObjectURL(new Blob([bytes], { type: "audio/wav" }));
    await this.audio.play().catch(() => {});
  }

  #sayPhrase(/** @type {string} */ text) {
    this.studio.page.tabs.show("Hear", true);
    this.hearing.aim(text);
    if (!this.hearing.isOn) this.#listen();
  }

  async #listen() {
    this.hearing.say(t("hear.wait"));
    try {
      const { note } = await this.studio.link.ask("hear_start", { name: this.name, step: this.studio.step });
      this.hearing.on(true);
      this.hearing.say(note ?? "");
    } catch (error) {
      this.hearing.on(false);
      this.hearing.say(/** @type {Error} */ (error).message);
    }
  }

  #stopListening() {
    this.hearing.on(false);
    this.hearing.say("");
    this.studio.link.ask("hear_stop").catch(() => {});
  }

  async #recording(/** @type {File} */ file) {
    this.hearing.say(t("hear.reading", { name: file.name }));
    const data = await base64(file);
    const answer = await this.studio.ask("hear_recording", { filename: file.name, data, name: this.name, step: this.studio.step }).catch(() => null);
    this.hearing.say("");
    for (const one of answer?.utterances ?? []) this.hearing.add(one);
  }

  async #rehearse() {
    this.phrases.run(true);
    await this.studio.ask("rehearse_start", { name: this.name, step: this.studio.step }).catch(() => this.phrases.run(false));
  }

  async #armed() {
    if (!this.name || !this.studio.link.isOpen) return;
    const { name } = this;
    const answer = await this.studio.link.ask("phrases", { name, step: this.studio.step }).catch(() => null);
    if (!answer || name !== this.name) return;
    this.phrases.show(answer.armed);
    this.phrases.words(answer.unknown_words ?? []);
  }
}

/** @param {File} file @returns {Promise<string>} */
function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error);
    reader.onload = () => resolve(String(reader.result).replace(/^.*?,/, ""));
    reader.readAsDataURL(file);
  });
}
