/* second_opinion.js FOLDER: what ajv and AsyncAPI's own parser say of the contract.
 *
 * FOLDER holds asyncapi.json and schemas/<type>.json as the server published them.
 * Prints {"asyncapi": [...], "schemas": {type: [...]}, "examples": number}: what is wrong.
 */
const fs = require("fs");
const path = require("path");
const {Parser} = require("@asyncapi/parser");
const Ajv = require("ajv/dist/2020");
const formats = require("ajv-formats");

const folder = process.argv[2];
const WARNING = 1; // what is below is advice, such as the latest version

function read(name) {
    return fs.readFileSync(path.join(folder, name), "utf8");
}

async function asyncapi() {
    const {document, diagnostics} = await new Parser().parse(read("asyncapi.json"));
    const wrong = diagnostics.filter((found) => found.severity <= WARNING);
    const words = wrong.map((found) => `${found.path.join("/")}: ${found.message}`);
    return document ? [...words, ...payloads()] : ["it cannot be read", ...words];
}

/* The parser does not look at examples of AsyncAPI 3. */
function payloads() {
    const {components} = JSON.parse(read("asyncapi.json"));
    const wrong = [];
    for (const [name, message] of Object.entries(components.messages)) {
        const check = validator().compile({components, ...message.payload});
        for (const example of message.examples) {
            if (!check(example.payload)) {
                wrong.push(`${name}: ${check.errors[0].instancePath}`);
            }
        }
    }
    return wrong;
}

function validator() {
    const options = {strict: true, strictRequired: false, allowUnionTypes: true};
    const ajv = new Ajv({...options, strictTypes: false, allErrors: true});
    formats(ajv);
    return ajv.addVocabulary([
        "components",
        "x-deprecated-at",
        "x-sunset-at",
        "x-successor",
    ]);
}

function schema(name, counts) {
    const document = JSON.parse(read(name));
    const check = validator().compile(document);
    const wrong = [];
    for (const example of document.examples) {
        counts.examples += 1;
        if (!check(example)) {
            wrong.push(...check.errors.map((e) => `${e.instancePath}: ${e.message}`));
        }
        if (check({...example, "": 0})) {
            wrong.push("it takes a field that nobody knows");
        }
    }
    return wrong;
}

async function main() {
    const counts = {examples: 0};
    const schemas = {};
    for (const name of fs.readdirSync(path.join(folder, "schemas")).sort()) {
        schemas[name] = schema(path.join("schemas", name), counts);
    }
    console.log(JSON.stringify({asyncapi: await asyncapi(), schemas, ...counts}));
}

main();
