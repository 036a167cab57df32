import { expect, test } from "vitest";
import { cleanFileName, refuseProgram } from "../../src/files/fileName.ts";

test.each([
  ["photo.png", "photo.png"],
  ["../../etc/passwd", "passwd"],
  ["C:\\Users\\me\\scan.pdf", "scan.pdf"],
  ["/etc/passwd", "passwd"],
  ["..", "file"],
  [".", "file"],
  ["", "file"],
  ["   ", "file"],
  ["\u200B\u200B", "file"],
  [".htaccess", "htaccess"],
  ["trailing. . ", "trailing"],
  ["CON", "_CON"],
  ["con.txt", "_con.txt"],
  ["lpt1.log", "_lpt1.log"],
  ["console.txt", "console.txt"],
  ["photo\u202Egpj.exe", "photogpj.exe"],
  ["a\r\nSet-Cookie: x.txt", "aSet-Cookie_ x.txt"],
  ['a"b.txt', "a_b.txt"],
  ["a\0b.txt", "ab.txt"],
  ["half \uD83D.txt", "half \uFFFD.txt"],
  ["Übersicht – März.xlsx", "Übersicht – März.xlsx"],
  ["e\u0301te\u0301.txt", "été.txt"],
  ["👩‍👩‍👧 نامه‌ها.pdf", "👩‍👩‍👧 نامه‌ها.pdf"],
  [`${"a".repeat(300)}.pdf`, `${"a".repeat(115)}….pdf`],
  ["😀".repeat(300), `${"😀".repeat(119)}…`],
])("%j is called %j", (given, clean) => {
  expect(cleanFileName(given)).toBe(clean);
  expect(cleanFileName(clean)).toBe(clean);
});

test.each([
  ["setup.exe", "application/octet-stream"],
  ["SETUP.EXE", "application/octet-stream"],
  ["invoice.pdf.lnk", "text/plain"],
  ["harmless.txt", "application/x-msdownload"],
  ["run", "application/x-elf"],
  ["eicar.com", "text/plain"],
])("%s (%s) is a program", (name, type) => {
  expect(() => refuseProgram(name, type)).toThrow(`"${name}" is a program`);
});

test.each(["report.pdf", "exe", "notes.exe.txt", "data.json"])("%s is none", (name) => {
  expect(() => refuseProgram(name, "text/plain")).not.toThrow();
});
