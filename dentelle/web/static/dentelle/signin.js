// Passkeys. A form with data-key-options (a request) or data-key-new (a creation) asks the browser for a key when it is
// sent, puts its answer in « credential », then goes. data-key-options-from fetches the request first.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function create(options, alone) {
  const asked = { ...options.publicKey };
  asked.challenge = bytes(asked.challenge);
  asked.user = { ...asked.user, id: bytes(asked.user.id) };
  asked.excludeCredentials = withBytes(asked.excludeCredentials);
  if (alone) {
    // a key that signs in by itself must be kept by the device, and must know who holds it
    asked.authenticatorSelection = {
      ...asked.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required",
    };
  }
  const key = await navigator.credentials.create({ publicKey: asked });
  return described(key, {
    attestationObject: text(key.response.attestationObject),
    transports: key.response.getTransports?.() ?? [],
  });
}

async function get(options) {
  const asked = { ...options.publicKey };
  asked.challenge = bytes(asked.challenge);
  asked.allowCredentials = withBytes(asked.allowCredentials);
  const key = await navigator.credentials.get({ publicKey: asked });
  return described(key, {
    authenticatorData: text(key.response.authenticatorData),
    signature: text(key.response.signature),
    userHandle: key.response.userHandle ? text(key.response.userHandle) : null,
  });
}

function described(key, response) {
  return {
    id: key.id,
    rawId: text(key.rawId),
    type: key.type,
    response: { clientDataJSON: text(key.response.clientDataJSON), ...response },
    clientExtensionResults: key.getClientExtensionResults(),
    authenticatorAttachment: key.authenticatorAttachment ?? undefined,
  };
}

async function answer(form) {
  if (form.dataset.keyNew) {
    return create(JSON.parse(form.dataset.keyNew), form.elements.passwordless?.checked);
  }
  if (form.dataset.keyOptions) return get(JSON.parse(form.dataset.keyOptions));
  const asked = await fetch(form.dataset.keyOptionsFrom, { headers: { Accept: "application/json" } });
  if (!asked.ok) throw new Error(`answered ${asked.status}`);
  return get((await asked.json()).request_options);
}

document.addEventListener("DOMContentLoaded", () => {
  const forms = document.querySelectorAll("form[data-key-options], form[data-key-new], form[data-key-options-from]");
  forms.forEach((form) => {
    form.hidden = !window.PublicKeyCredential;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const refused = form.querySelector("[data-key-refused]");
      refused.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(await answer(form));
      } catch {
        refused.hidden = false;
        return;
      }
      form.submit();
    });
  });
});
