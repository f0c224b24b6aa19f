// web-push-testing's own command listens on every interface and on a port that has to be guessed.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const Server = require('web-push-testing/src/server.js');
const { PushApiModel } = require('web-push-testing/src/PushApiModel.js');

const model = new PushApiModel();
const server = new Server(model, 0);
server.setRequestHandlers();
const listening = server._app.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${listening.address().port}`;
  model.notifyUrl = `${url}/notify/`;
  console.log(`listening on ${url}`);
});
