import type { Convention } from '../model.ts';

/** How browsers and their contexts are usually called, and what only a page is asked to do. */
export const browserConvention: Convention = {
  receiver: /(browser|browser_?context|incognito)\d*$/i,
  uses: ['goto', 'setContent', 'screenshot', 'pdf', 'waitForSelector', 'setViewport', 'setViewportSize'],
};
