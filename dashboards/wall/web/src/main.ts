/** Each address is a screen of its own, loaded when it is asked for. */

const SCREENS: Record<string, () => Promise<unknown>> = {
  wall: () => import("./wall/wall"),
  desk: () => import("./desk/desk"),
  leader: () => import("./leader"),
  targets: () => import("./targets"),
  handover: () => import("./handover"),
  silences: () => import("./silences"),
  signin: () => import("./signin"),
  enrol: () => import("./signin"),
};

const asked = location.pathname.replaceAll("/", "");
const screen = asked in SCREENS ? asked : "wall";
document.documentElement.dataset["screen"] = screen;
void SCREENS[screen]?.().then(() => document.body.replaceChildren(document.createElement(screen === "enrol" ? "ioc-signin" : `ioc-${screen}`)));

export {};
