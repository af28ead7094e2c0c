// @ts-check
// Where this tab keeps the secret that lets it run programs, for the next load of the page.

export const TOKEN = 'stepwise_token';
