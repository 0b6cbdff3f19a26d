// Times on the reader's own clock, how late an update is, and that nobody knows when this was not written for long.
// Without it the page says all that it knows, in UTC.
"use strict";
(() => {
  const body = document.body;
  const minute = 60000;
  const local = new Intl.DateTimeFormat("en-GB", {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  });
  for (const time of document.querySelectorAll("time[datetime]")) {
    time.title = time.textContent;
    time.textContent = local.format(new Date(time.dateTime));
  }
  const zone = document.getElementById("zone");
  const name = local.resolvedOptions().timeZone;
  if (zone && name) zone.textContent = `your time zone, ${name}`;

  const length = (milliseconds) => {
    const minutes = Math.max(1, Math.floor(milliseconds / minute));
    const hours = Math.floor(minutes / 60);
    const said = hours ? `${hours} h${minutes % 60 ? ` ${minutes % 60} min` : ""}` : `${minutes} min`;
    return said.replaceAll(" ", "\u00a0");
  };
  const written = Date.parse(body.dataset.written || "");
  const good = Number(body.dataset.good) * 1000;
  const unknown = document.getElementById("unknown");
  const title = document.title;

  const look = () => {
    const now = Date.now();
    for (const mark of document.querySelectorAll("[data-due]")) {
      const late = now - Date.parse(mark.dataset.due);
      mark.hidden = late < minute;
      mark.textContent = `late by ${length(late)}`;
    }
    if (!unknown || Number.isNaN(written)) return;
    const stale = now - written > good;
    unknown.hidden = !stale;
    for (const id of ["known", "lastknown"]) {
      const part = document.getElementById(id);
      if (part) part.hidden = id === "known" ? stale : !stale;
    }
    body.classList.toggle("unsure", stale);
    document.title = stale ? `Status unknown · ${title.split(" · ").pop()}` : title;
  };
  look();
  setInterval(look, minute / 4);

  // A page that is left open loads itself again, once what it comes from answers: never into an error page.
  const again = document.getElementById("again");
  if (again) again.addEventListener("click", (event) => { event.preventDefault(); location.reload(); });
  if (unknown) {
    setInterval(() => {
      if (document.hidden) return;
      const probe = new Image();
      probe.onload = () => location.reload();
      probe.src = `${document.querySelector("link[rel=icon]").href}?${Date.now()}`;
    }, 5 * minute);
  }
})();
