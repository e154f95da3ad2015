/** The page where a browser signs in with an API key. */
import { SERVICE_PATHS } from '@zkinfer/core/service';

/** Its whole appearance; the content security policy knows its digest. */
export const LOGIN_STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { width: min(22rem, 100vw - 3rem); }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
p { margin: 0 0 1.25rem; opacity: .75; }
p[role=alert] { opacity: 1; color: #c62828; }
label { display: block; font-weight: 600; }
input, button { box-sizing: border-box; width: 100%; font: inherit; padding: .6rem .75rem; margin-top: .4rem;
  border: 1px solid #8888; border-radius: .5rem; }
button { margin-top: 1rem; border: 0; background: #3056d3; color: #fff; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid #7c9bff; outline-offset: 1px; }
`;

const LOCAL_PATH = new RegExp(`^${SERVICE_PATHS.dashboard}[\\w./?=&%#-]*$`);

const FAILED = '<p role="alert">This is not the key of an operator.</p>';

/** @param next where to go then, of this service; see `localPath` */
export function loginPage(next: string, hasFailed: boolean): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · zkinfer</title>
<style>${LOGIN_STYLE}</style>
</head>
<body>
<main>
<h1>zkinfer</h1>
${hasFailed ? FAILED : '<p>Sign in with the API key of an operator.</p>'}
<form method="post" action="${SERVICE_PATHS.login}">
<input type="hidden" name="next" value="${escapeAttribute(next)}">
<label>API key
<input type="password" name="key" autocomplete="current-password" required autofocus spellcheck="false">
</label>
<button>Sign in</button>
</form>
</main>
</body>
</html>
`;
}

/** The path itself if it is one of the dashboard, else the dashboard's: no way to other sites. */
export function localPath(next: unknown): string {
  const isLocal = typeof next === 'string' && LOCAL_PATH.test(next) && !next.includes('..');
  return isLocal ? next : SERVICE_PATHS.dashboard;
}

function escapeAttribute(text: string): string {
  return text.replace(/[&"<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
