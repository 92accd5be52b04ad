import smtplib


def send_mail(recipient: str, body: str) -> None:
    with smtplib.SMTP("mail.example") as client:
        client.sendmail("shop@example", recipient, body)


def render(order: object) -> str:
    return f"paid: {order}"
