// The doors of the sandbox: acting as a person, and the controls. A failure is an answer, never an exception.
import { store } from "./store.js";

async function call(method, path, body) {
  try {
    const response = await fetch(path, {
      method,
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body ? JSON.stringify(body) : undefined,
    });
    const answer = await response.json().catch(() => ({}));
    return response.ok ? { ok: true, ...answer } : { error: `HTTP ${response.status}`, ...answer, ok: false };
  } catch {
    return { ok: false, error: "unreachable", hint: "The sandbox does not answer." };
  }
}

export const act = (name, args = {}) => call("POST", "/ui/act", { as: store.as, act: name, ...args });
export const control = (method, path, body) => call(method, `/control/${path}`, body);
