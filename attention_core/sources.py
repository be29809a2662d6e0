"""The texts that the playground was made from and cites, each named in one place."""

PAPER = 'Vaswani et al., "Attention Is All You Need", 2017'
PAPER_LINK = "https://arxiv.org/abs/1706.03762"
ROTARY_PAPER = 'Su et al., "RoFormer: Enhanced Transformer with Rotary Position Embedding", 2021'
PATCHES = 'Dosovitskiy et al., "An Image is Worth 16x16 Words", 2021'

# The four articles whose every explanation can be done by hand in the app.
CAT_AND_MOUSE = 'Siva Swetha G, "Understanding Self-Attention in Transformers"'
RIVER_AND_MONEY = '"Self Attentions In Transformers"'
CORE_MECHANISM = '"Understanding Self-Attention: The Core Mechanism Behind Transformers", 6 August 2024'
LECTURE = '"The Transformer And Self Attention V2" (lecture 12 – 12)'
