// Verifies deliveries with the npm library of Standard Webhooks, as a plant in Node would.
// stdin: [{secret, headers, body}]; stdout: [true | the error's text]
const {createRequire} = require("module");
const {Webhook} = createRequire(`${process.argv[2]}/package.json`)("standardwebhooks");

function verified({secret, headers, body}) {
    try {
        new Webhook(secret).verify(body, headers);
        return true;
    } catch (error) {
        return String(error.message || error);
    }
}

const deliveries = JSON.parse(require("fs").readFileSync(0, "utf-8"));
console.log(JSON.stringify(deliveries.map(verified)));
