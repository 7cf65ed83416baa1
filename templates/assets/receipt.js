// On the page that checks receipts: a chosen file is read into the field, so that nothing but its text is sent.

const LONGEST = 65536;
const field = document.getElementById("receipt-file-field");
const input = document.getElementById("receipt-file");
const text = document.querySelector("textarea[name=receipt]");

field.hidden = false;
input.addEventListener("change", async () => {
  const file = input.files[0];
  if (!file || file.size > LONGEST) return;
  text.value = await file.text();
  text.focus();
});
