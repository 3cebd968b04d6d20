// The one connection to the studio on this machine.
//
// Rules: a request is answered or fails, never both, never neither; what is lost with the
// connection fails at once, and who sent it decides whether to send it again.

/** @typedef {Record<string, any>} Message */

export class Link {
  /**
   * @param {(message: Message) => void} told what the server says of itself
   * @param {(open: boolean) => void} changed the connection opened or was lost
   */
  constructor(told, changed) {
    this.told = told;
    this.changed = changed;
    this.next = 1;
    this.wait_ms = 250;
    /** @type {Map<number, {resolve: (answer: Message) => void, reject: (error: Error) => void}>} */
    this.open = new Map();
    this.#connect();
    addEventListener("online", () => this.#connect());
  }

  get isOpen() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  #connect() {
    if (this.socket && this.socket.readyState <= WebSocket.OPEN) return;
    clearTimeout(this.timer);
    const socket = (this.socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/socket`));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.wait_ms = 250;
      this.changed(true);
    };
    socket.onmessage = (event) => this.#heard(JSON.parse(event.data));
    socket.onclose = () => {
      for (const { reject } of this.open.values()) reject(new Lost());
      this.open.clear();
      this.changed(false);
      this.timer = setTimeout(() => this.#connect(), this.wait_ms);
      this.wait_ms = Math.min(this.wait_ms * 2, 3000);
    };
  }

  /** @param {Message} message */
  #heard(message) {
    const waiting = this.open.get(message.id);
    if (!waiting) return this.told(message);
    this.open.delete(message.id);
    if (message.error) waiting.reject(new Error(message.error));
    else waiting.resolve(message);
    return undefined;
  }

  /**
   * Ask the server to do something.
   * @param {string} what @param {Message} [data]
   * @returns {Promise<any>} raises Lost when the connection goes, Error with the server's sentence
   */
  ask(what, data = {}) {
    if (!this.isOpen) return Promise.reject(new Lost());
    const id = this.next++;
    this.socket.send(JSON.stringify({ id, do: what, ...data }));
    return new Promise((resolve, reject) => this.open.set(id, { resolve, reject }));
  }
}

/** The connection was lost before the answer came. */
export class Lost extends Error {
  constructor() {
    super("lost");
    this.name = "Lost";
  }
}
