// Where Block Kit stands: in a message, on the App Home or in a modal, and what its elements do there.

import { member } from "./clouds.js";

/** What was chosen in a menu of this surface before, as a list; null when nothing was. */
function chosenIn(state) {
  return (element, block) => {
    const value = state?.[block.block_id]?.[element.action_id];
    if (!value) return null;
    if (value.selected_options) return value.selected_options.map((option) => option.value);
    const one =
      value.selected_option?.value ??
      value.selected_user ??
      value.selected_conversation ??
      value.selected_channel ??
      value.selected_date ??
      value.selected_time ??
      value.value;
    if (one !== undefined && one !== null) return [one];
    return value.selected_users ?? value.selected_conversations ?? value.selected_channels ?? null;
  };
}

function deeds(place) {
  const about = (element, block) => ({
    ...place,
    action_id: element.action_id,
    block_id: block.block_id,
  });
  return {
    press: (element, block, { label, value }) =>
      member("press", { ...about(element, block), value, label }),
    choose: (element, block, value) => member("select", { ...about(element, block), value }),
    suggest: async (element, block, query) => {
      const answer = await member("suggest", { ...about(element, block), query, value: query });
      return answer?.options ?? [];
    },
  };
}

export function messageSurface(message, channel) {
  return { ...deeds({ channel: channel.id, ts: message.ts }), kept: () => null };
}

export function homeSurface(view) {
  return { ...deeds({ channel: "home", view_id: view.id }), kept: chosenIn(view.state?.values) };
}

/** A modal's fields are told to the app only with the submission, or one by one when it asks so. */
export function modalSurface(view) {
  const place = { view_id: view.id };
  const surface = { ...deeds(place), fields: new Map(), errors: view.errors, labels: true };
  const tell = surface.choose;
  surface.kept = chosenIn(view.state?.values);
  surface.choose = (element, block, value) =>
    block.type !== "input" || block.dispatch_action ? tell(element, block, value) : null;
  return surface;
}
