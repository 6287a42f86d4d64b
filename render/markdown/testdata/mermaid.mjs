// Reads a JSON array of diagrams from standard input, gives each to Mermaid's parser, and prints what it
// understood: {error, messages, actors} for each.
import { JSDOM } from 'jsdom';

const dom = new JSDOM('<!DOCTYPE html><body></body>');
globalThis.window = dom.window;
globalThis.document = dom.window.document;
const { default: mermaid } = await import('mermaid');
mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });

let input = '';
for await (const chunk of process.stdin) input += chunk;
const out = [];
for (const text of JSON.parse(input)) {
  try {
    await mermaid.parse(text);
    const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
    const messages = diagram.db.getMessages().filter((m) => m.message !== undefined).map((m) => String(m.message));
    const all = diagram.db.getActors(); // a Map since version 11
    const actors = all instanceof Map ? [...all.values()] : Object.values(all);
    out.push({ error: '', messages, actors: actors.map((a) => a.description) });
  } catch (e) {
    out.push({ error: String(e), messages: [], actors: [] });
  }
}
process.stdout.write(JSON.stringify(out));
