/** As much of a syntax node as both compilers' trees share. */
export interface TreeNode<N> {
  readonly pos: number;
  readonly end: number;
  readonly parent: N;
}

/** The innermost node that covers the position; its own text starts there when a token does. */
export function innermostAt<N extends TreeNode<N>>(
  root: N,
  position: number,
  eachChild: (node: N, visit: (child: N) => N | undefined) => N | undefined,
): N {
  let node = root;
  for (;;) {
    const child = eachChild(node, (each) => (each.pos <= position && position < each.end ? each : undefined));
    if (!child) {
      return node;
    }
    node = child;
  }
}
