/** Flags of built-in objects that nothing changes after they are made: the option of that name, which is false by default. */
export const fixedMembers: Readonly<
  Record<string, readonly { readonly member: string; readonly argument: number }[] | undefined>
> = {
  TextDecoder: [
    { member: 'fatal', argument: 1 },
    { member: 'ignoreBOM', argument: 1 },
  ],
};
