// Checks YAML files, read with the failsafe schema, against a JSON Schema: node check.mjs SCHEMA FILE...
// Prints one line a file and exits 1 where one does not fit.
import {readFileSync} from 'node:fs';
import yaml from 'js-yaml';
import Ajv2020 from 'ajv/dist/2020.js';

const [schemaFile, ...files] = process.argv.slice(2);
const ajv = new Ajv2020({allErrors: true, strict: true, strictTypes: false});
const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')));
let bad = 0;
for (const file of files) {
	const document = yaml.load(readFileSync(file, 'utf8'), {schema: yaml.FAILSAFE_SCHEMA, filename: file});
	const fits = validate(document);
	console.log(`${fits ? 'fits' : 'does not fit'}: ${file}`);
	if (!fits) {
		bad++;
		for (const error of validate.errors.slice(0, 20))
			console.log(`  ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
	}
}
process.exit(bad ? 1 : 0);
