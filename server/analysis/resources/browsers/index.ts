import type { LibraryModel } from '../model.ts';
import { playwright } from './playwright.ts';
import { puppeteer } from './puppeteer.ts';

/** Browsers driven by a program. */
export const browsers: readonly LibraryModel[] = [playwright, puppeteer];
