// Written so that even a Node of ten years ago reads it to the end and can say what it says.
var version = process.versions.node.split(".").map(Number);

if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  console.error(
    `Switchboard needs Node 20.19 or newer, and this is ${process.versions.node}; install the current LTS from https://nodejs.org.`,
  );
  process.exit(1);
}
