import ts from 'typescript';
import { calleeName, isFunctionLiteral, receiver, strip, unstrip } from '../syntax/tree.ts';

/** Methods that send a function to a page that is driven from here. */
const sending = /^(?:evaluateOnNewDocument|evaluateHandle|addInitScript|\$\$?eval)$/;
/** Methods of others, too, that do so on a page. */
const ofPages = /^(?:evaluate|waitForFunction|executeScript|executeAsyncScript)$/;
const page = /(?:page|frame|tab|browser|context|driver|webContents)$/i;

/** Whether code is sent to a page and runs there: `page.evaluate(() => document.addEventListener(…))`. */
export function isSentToPage(node: ts.Node): boolean {
  for (let current = node; current.parent; current = current.parent) {
    if (!isFunctionLiteral(current)) continue;
    const { parent } = unstrip(current);
    if (ts.isCallExpression(parent) && sends(parent)) return true;
  }
  return false;
}

function sends(call: ts.CallExpression): boolean {
  const name = calleeName(call)?.text ?? '';
  const owner = receiver(call);
  if (!owner) return false;
  return sending.test(name) || (ofPages.test(name) && page.test(strip(owner).getText()));
}
