// Choices that one person made in this browser; whoever shares the browser has their own.
import { prefs } from "../dom.js";

const whose = () => document.querySelector('meta[name="signed-in-as"]')?.content ?? "";

export const own = {
  get: (name, otherwise = null) => prefs.get(`${name}:${whose()}`) ?? prefs.get(name) ?? otherwise, // or as it was kept before
  set: (name, value) => prefs.set(`${name}:${whose()}`, value),
};
