// The app's place: a Home tab with the view it published, and a Messages tab, which is the DM with it.
import { avatar } from "./avatar.js";
import { renderBlocks } from "./blocks.js";
import { fill, focusMark, h, restoreFocus } from "./dom.js";
import { act } from "./server.js";
import { botUser, personName, store } from "./store.js";
import { complain } from "./toast.js";
import { collect } from "./values.js";

export function appTabs(tab) {
  const link = (name, label) => h("a", { href: `#app/${name}`, role: "tab", "aria-selected": tab === name ? "true" : "false", class: "tab", "data-focus": `tab ${name}` }, label);
  return h("header", { class: "app-head", "data-tab": tab },
    h("h1", {}, avatar(botUser()), h("span", {}, "Watchbill"), h("span", { class: "badge" }, "App")),
    h("div", { class: "tabs", role: "tablist", "aria-label": "Watchbill" }, link("home", "Home"), link("messages", "Messages")));
}

export class Home {
  constructor() {
    this.body = h("div", { class: "home-body", role: "tabpanel", "aria-label": "Home", tabindex: "0" });
    this.head = h("div", {});
    this.node = h("section", { class: "home", "aria-label": "Watchbill Home" }, this.head, this.body);
    this.values = new Map();
  }

  /** Called when the reader comes here: Slack tells the app each time. */
  static async entered(tab) {
    complain(await act("open_home", { tab }));
  }

  show() {
    const view = store.state.home;
    const sig = JSON.stringify([view, store.as]);
    if (sig === this.sig) return;
    if (this.as !== store.as) this.values.clear();
    this.as = store.as;
    this.sig = sig;
    const mark = focusMark(this.node);
    const scroll = this.body.scrollTop;
    fill(this.head, appTabs("home"));
    fill(this.body, h("div", { class: "home-page" }, view?.blocks?.length ? this.#view(view) : nothing()));
    if (view) this.body.dataset.viewId = view.id;
    this.body.scrollTop = scroll;
    restoreFocus(this.node, mark);
  }

  #view(view) {
    return renderBlocks(view.blocks, { where: { view_id: view.id }, values: this.values, errors: {}, typed: () => collect(view, this.values) });
  }
}

function nothing() {
  return h("div", { class: "empty" }, avatar(botUser()), h("p", {}, `${personName(botUser()) ?? "The app"} has not published a Home for you yet.`), h("p", { class: "soft" }, "It does so when it is running and hears that you are here."));
}
