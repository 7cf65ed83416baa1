// Signing in again without leaving the page: what is on it stays as it is.
//
// The password goes to the server and nowhere else; the dialog forgets it when it closes.

const SECOND_FACTOR = "second_factor_required";

/** The dialog. Another person's session changes nothing here: the server knows whose work may be saved. */
export class SignIn {
  #dialog = document.getElementById("sign-in-dialog");
  #form = this.#dialog.querySelector("form");
  #then = null;

  constructor() {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#try();
    });
    this.#dialog.querySelector("[data-close]").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#forget());
  }

  /** Asks, and does `then` once a session has begun. */
  ask(then) {
    this.#then = then;
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  async #try() {
    const { email, password, code } = this.#form.elements;
    const given = { email: email.value.trim(), password: password.value, ...(code.value.trim() && { code: code.value.trim() }) };
    const answer = await begin(this.#dialog.dataset.api, given);
    if (answer.status === 200) {
      this.#dialog.close();
      this.#then?.();
    } else if (answer.code === SECOND_FACTOR) {
      code.closest(".field").hidden = false;
      code.focus();
    } else {
      this.#problem(answer.status === 0 ? this.#dialog.dataset.needsNetwork : answer.said || this.#dialog.dataset.failed);
      password.select();
    }
  }

  #problem(text) {
    const line = this.#dialog.querySelector(".error");
    line.hidden = !text;
    line.textContent = text ?? "";
  }

  #forget() {
    const { password, code } = this.#form.elements;
    password.value = "";
    code.value = "";
    this.#problem(null);
  }
}

/** Begins a session: `{status, code, said}`, status 0 without network. */
async function begin(api, given) {
  try {
    const response = await fetch(api, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(given),
    });
    const body = await response.json().catch(() => null);
    return { status: response.status, code: body?.code, said: body?.detail };
  } catch {
    return { status: 0 };
  }
}
