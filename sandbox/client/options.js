// What a Block Kit menu offers: its own options, or the people and channels that the viewer may see.
import { plainText } from "./mrkdwn.js";
import { channelName, channels, me, people } from "./store.js";

/** [{value, label() → node, words, detail?, group?}] */
export function optionsOf(element) {
  if (element.type.includes("users")) return people().filter((p) => !p.deleted).map(personOption);
  if (element.type.includes("channels")) return channels().filter((c) => !c.is_im && !c.is_private && !c.is_archived).map(channelOption);
  if (element.type.includes("conversations")) return channels().filter((c) => wanted(element.filter, c)).map(channelOption);
  const groups = element.option_groups ?? [{ options: element.options ?? [] }];
  return groups.flatMap((g) => g.options.map((o) => ownOption(o, g.label?.text)));
}

function ownOption(option, group) {
  const detail = option.description ? plainText(option.description.text) : null;
  return { value: option.value, label: () => plainText(option.text.text), words: option.text.text, detail, group };
}

const personOption = (p) => ({
  value: p.id, label: () => p.name + (p.id === me()?.id ? " (you)" : ""), words: `${p.name} ${p.handle}`, detail: `@${p.handle}`,
});

const channelOption = (c) => ({ value: c.id, label: () => (c.is_im ? channelName(c) : `#${c.name}`), words: channelName(c) });

function wanted(filter, c) {
  if (c.is_archived) return false;
  const kind = c.is_im ? "im" : c.is_private ? "private" : "public";
  return !filter?.include || filter.include.includes(kind);
}
