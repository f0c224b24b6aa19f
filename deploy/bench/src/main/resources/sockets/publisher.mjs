// Takes messages from the process that makes the load: lines of "user<tab>JSON", "*" for everybody.
import { createServer } from "node:net";
import { createInterface } from "node:readline";

export function publisher(deliver) {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      createInterface({ input: socket, crlfDelay: Infinity }).on("line", (line) => {
        const tab = line.indexOf("\t");
        deliver(line.slice(0, tab), line.slice(tab + 1));
      });
      socket.on("error", () => {});
    });
    server.listen(0, "127.0.0.1", () => resolve(server.address().port));
  });
}

// Ends with the process that started it, and says what memory it has when asked.
export function obey(port, control) {
  console.log(`ready ${port} ${control}`);
  createInterface({ input: process.stdin }).on("line", () => {
    if (global.gc) global.gc();
    console.log("done");
  });
  process.stdin.on("end", () => process.exit(0));
}
