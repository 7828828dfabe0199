"""The page on which an e-mail address and a recovery code are typed."""

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.views import LoginView
from django.utils.text import capfirst
from django.views.decorators.debug import sensitive_variables


class RecoveryLoginForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    recovery_code = forms.CharField(
        max_length=1024,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, request=None, *args, **kwargs):
        self.request, self.user = request, None
        super().__init__(*args, **kwargs)

    @sensitive_variables()
    def clean(self):
        email, code = map(self.cleaned_data.get, ("email", "recovery_code"))
        if email and code:
            self.user = authenticate(self.request, email=email, secret_code=code)
            if self.user is None:
                raise forms.ValidationError(refusal(self.request.recovery_answer))
        return self.cleaned_data

    def get_user(self):
        return self.user


def refusal(answer):
    """What a person is told who is not let in."""
    if answer.kind == "malformed":
        return capfirst(answer.message) + "."
    if answer.kind == "wait" and answer.seconds is not None:
        wait = f"Too many attempts. Wait {answer.seconds} seconds."
        return wait + " Trying again before that makes it longer."
    if answer.kind == "wait":
        return "Too many attempts. Ask an administrator."
    if answer.kind == "unavailable":
        return "Codes cannot be checked now. Try again later; the code may be used up."
    return "The address and the code do not let you in."


class RecoveryLoginView(LoginView):
    form_class = RecoveryLoginForm
    template_name = "recovery_codes_login/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form):
        response = super().form_valid(form)
        answer = self.request.recovery_answer
        left = f"Recovery codes that are left: {answer.remaining}."
        if answer.low:
            messages.warning(self.request, f"{left} Ask for new ones.", fail_silently=True)
        else:
            messages.info(self.request, left, fail_silently=True)
        return response
