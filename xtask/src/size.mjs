// Weighs files: one line of JSON with [name, raw, gzip, brotli] for each argument `name=path`, or `name=path,path` for what
// is downloaded together and compressed file by file.
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

function weigh(path) {
  const bytes = readFileSync(path);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes, { params }).length];
}

// Run by --eval: there is no script among the arguments.
const rows = process.argv.slice(1).map((argument) => {
  const [name, paths] = argument.split('=');
  const weights = paths.split(',').map(weigh);
  return [name, ...weights.reduce((sum, weight) => sum.map((n, i) => n + weight[i]))];
});
console.log(JSON.stringify(rows));
