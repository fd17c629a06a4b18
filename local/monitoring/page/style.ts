/** The page's style: readable by day and by night, and on a telephone. */
export const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 1.5rem auto; max-width: 75rem; padding: 0 1rem; }
section { overflow-x: auto; }
table { border-collapse: collapse; margin: 0 0 1.5rem; width: 100%; }
caption { font-weight: 600; padding: .25rem 0; text-align: left; }
th, td { border-top: 1px solid #8886; padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; }
.badge { border: 1px solid #8888; border-radius: .25rem; padding: 0 .4rem; white-space: nowrap; }
.badge:empty { display: none; }
.firing, .critical, .failed, .failing { background: #b3261e; color: #fff; }
.pending, .error, .unknown { background: #8a5a00; color: #fff; }
.ok, .passed { background: #1b6e3c; color: #fff; }
.problem { background: #b3261e; color: #fff; padding: .5rem 1rem; }
`;
