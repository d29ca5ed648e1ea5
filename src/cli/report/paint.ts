const inks = { red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39], dim: [2, 22] } as const;

export type Ink = keyof typeof inks;

/** The text in a colour, if there are colours. */
export function paint(text: string, ink: Ink, colour: boolean): string {
  const [on, off] = inks[ink];
  return colour ? `\x1b[${on}m${text}\x1b[${off}m` : text;
}
