"""Names of countries, as reports write them."""

import re

_NAMES = """Argentina, Australia, Austria, Bangladesh, Belgium, Brazil, Bulgaria, Cameroon, Canada, Chile, China,
Colombia, Croatia, Cuba, Cyprus, Czechia, Czech Republic, Denmark, Ecuador, Egypt, Estonia, Ethiopia, Finland, France,
Germany, Ghana, Greece, Hong Kong, Hungary, Iceland, India, Indonesia, Iran, Iraq, Ireland, Israel, Italy, Japan,
Jordan, Kenya, Kuwait, Latvia, Lebanon, Lithuania, Luxembourg, Malawi, Malaysia, Mexico, Morocco, Mozambique, Nepal,
Netherlands, New Zealand, Nigeria, Norway, Pakistan, Peru, Philippines, Poland, Portugal, Qatar, Romania, Russia,
Rwanda, Saudi Arabia, Senegal, Serbia, Singapore, Slovakia, Slovenia, South Africa, South Korea, Korea, Spain,
Sri Lanka, Sudan, Sweden, Switzerland, Syria, Taiwan, Tanzania, Thailand, Tunisia, Turkey, Türkiye, Uganda, Ukraine,
United Arab Emirates, United Kingdom, United States, UK, USA, England, Scotland, Wales, Northern Ireland, Uruguay,
Venezuela, Vietnam, Zambia, Zimbabwe"""
NAMES = tuple(" ".join(name.split()) for name in _NAMES.split(","))
COUNTRY = re.compile(rf"\b(?:{'|'.join(re.escape(name) for name in sorted(NAMES, key=len, reverse=True))})\b")
