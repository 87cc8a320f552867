// The little the pages need beyond HTML and htmx. Nothing here is required to read or to act.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("[data-focus]")?.focus();
});

document.addEventListener("click", (event) => {
  const account = event.target.closest("[data-fill-login]");
  if (!account) return;
  document.querySelector("#id_username").value = account.dataset.fillLogin;
  document.querySelector("#id_password").value = account.dataset.fillPassword;
  document.querySelector("form button.btn-primary").focus();
});
