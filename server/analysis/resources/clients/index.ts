import type { LibraryModel } from '../model.ts';
import { axios } from './axios.ts';
import { crossFetch, isomorphicFetch } from './crossFetch.ts';
import { fetching } from './fetch.ts';
import { followRedirects } from './followRedirects.ts';
import { got } from './got.ts';
import { ky } from './ky.ts';
import { nestAxios } from './nestAxios.ts';
import { nodeFetch } from './nodeFetch.ts';
import { requestLibrary } from './requestLibrary.ts';
import { simpleGet } from './simpleGet.ts';
import { superagent } from './superagent.ts';
import { undici } from './undici.ts';
import { ws } from './ws.ts';

/** Clients that send requests or hold a connection. */
export const clients: readonly LibraryModel[] = [
  axios,
  crossFetch,
  fetching,
  followRedirects,
  got,
  isomorphicFetch,
  ky,
  nestAxios,
  nodeFetch,
  requestLibrary,
  simpleGet,
  superagent,
  undici,
  ws,
];
