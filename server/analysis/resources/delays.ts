/** Functions that return a promise which time alone settles, by module and name (`default`: what the module exports). */
export const delays: Readonly<Record<string, readonly string[]>> = {
  'timers/promises': ['setTimeout'],
  delay: ['default', '*', 'reject', 'default.reject'],
  bluebird: ['delay'],
  'es-toolkit': ['delay'],
  'sleep-promise': ['default', '*'],
};

/** How such functions are called in projects whose code cannot be seen. */
export const delayName = /^(?:delay|sleep|wait)(?:For|Ms)?$/;
